import { noise as encrypt } from '@libp2p/noise'
import { memory } from '@libp2p/memory'
import { yamux } from '@libp2p/yamux'
import type { ComponentLogger, Metrics, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Transport } from '@libp2p/interface'
import {
  createEndpoint,
  rawBytes,
  type Channel,
  type Endpoint,
  type EndpointComponents,
  type Framing
} from '@peerage/wire'
import type { Datastore } from 'interface-datastore'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import {
  Bitfield,
  createTorrent,
  memoryStorage,
  peerWire,
  PROTOCOL,
  swarm,
  type PeerMessage,
  type Storage,
  type Swarm,
  type SwarmInit,
  type Torrent,
  type Transfer
} from '../src/index.ts'
import { noise } from './fake-torrent.ts'

/** A libp2p node with a swarm; the test that made it stops it. */
export interface SwarmNode {
  peerId: PeerId
  swarm: Swarm
  /** what else it was given */
  services: Record<string, unknown>
  addresses: () => Multiaddr[]
  /** a bare channel to another node, for what no honest core would say */
  open: (to: SwarmNode) => Promise<Channel<PeerMessage>>
  /** the same without messages, for bytes that are none */
  openBytes: (to: SwarmNode) => Promise<Channel<Uint8Array>>
  stop: () => Promise<void>
}

export interface SwarmNodeInit extends SwarmInit {
  /** another transport than memory, and where to listen on it */
  transport?: { make: (components: never) => Transport; listen: string }
  /** bytes that others may send it ahead of its reading @default yamux's own choice */
  window?: number
  /** what is kept between runs @default a new one, in memory */
  datastore?: Datastore
  /** what counts @default nothing */
  metrics?: (components: { logger: ComponentLogger }) => Metrics
  /** more than a swarm */
  services?: Record<string, (components: never) => unknown>
}

/** Opens channels and takes none: libp2p would start a whole endpoint, and the swarm has the protocol. */
function bare<Frame>(framing: Framing<Frame>) {
  return (components: EndpointComponents): Pick<Endpoint<Frame>, 'open'> => {
    const endpoint = createEndpoint(components, { protocol: PROTOCOL, framing })
    return { open: (target, options) => endpoint.open(target, options) }
  }
}

function windowOf(size: number | undefined): NonNullable<Parameters<typeof yamux>[0]> {
  if (size == null) return {}
  return { streamOptions: { initialStreamWindowSize: size, maxStreamWindowSize: size } }
}

let made = 0

export async function createSwarmNode(init: SwarmNodeInit = {}): Promise<SwarmNode> {
  const { services = {}, transport = { make: memory(), listen: `/memory/swarm-${made++}` } } = init
  const node = await createLibp2p({
    addresses: { listen: [transport.listen] },
    transports: [transport.make as ReturnType<typeof memory>],
    connectionEncrypters: [encrypt()],
    streamMuxers: [yamux(windowOf(init.window))],
    connectionManager: { inboundConnectionThreshold: 100 },
    connectionMonitor: { enabled: false },
    services: {
      ...(services as object),
      swarm: swarm(init),
      bare: bare(peerWire()),
      bytes: bare(rawBytes())
    },
    ...(init.metrics && { metrics: init.metrics }),
    ...(init.datastore && { datastore: init.datastore })
  })
  onTestFinished(async () => {
    await node.stop()
  })
  return {
    peerId: node.peerId,
    swarm: node.services.swarm,
    services: node.services as unknown as Record<string, unknown>,
    addresses: () => node.getMultiaddrs(),
    open: (to) => node.services.bare.open(to.addresses()),
    openBytes: (to) => node.services.bytes.open(to.addresses()),
    stop: async () => {
      await node.stop()
    }
  }
}

/** A torrent of bytes that look random, and the bytes. */
export async function makeTorrent(
  length = 40 * 64 * 1024 + 5_000
): Promise<{ torrent: Torrent; content: Uint8Array }> {
  const content = noise(length)
  const { torrent } = await createTorrent({
    name: 'noise.bin',
    files: [{ path: [], length }],
    pieceLength: 64 * 1024,
    read: async (_, from, count) => content.slice(from, from + count)
  })
  return { torrent, content }
}

/** A storage with the given pieces in it, all of them if none are given. */
export async function filled(
  torrent: Torrent,
  content: Uint8Array,
  pieces = Array.from({ length: torrent.pieceCount }, (_, piece) => piece)
): Promise<Storage> {
  const storage = memoryStorage(torrent)
  for (const piece of pieces) {
    const from = piece * torrent.pieceLength
    await storage.write(from, content.subarray(from, from + torrent.pieceSize(piece)))
  }
  return storage
}

/** A storage that says it was filled in an earlier run. */
export function remembering(torrent: Torrent, storage: Storage, kept: number[]): Storage {
  const have = new Bitfield(torrent.pieceCount)
  for (const piece of kept) have.add(piece)
  return { ...storage, remembered: async () => have.toBytes() }
}

/** The pieces whose number leaves this rest. */
export function everyNth(torrent: Torrent, n: number, rest: number): number[] {
  return Array.from({ length: torrent.pieceCount }, (_, i) => i).filter((i) => i % n === rest)
}

/** A node that has some pieces and can be fetched from. */
export async function sharePieces(
  node: SwarmNode,
  torrent: Torrent,
  content: Uint8Array,
  kept: number[]
): Promise<Transfer> {
  const storage = remembering(torrent, await filled(torrent, content, kept), kept)
  return node.swarm.add(torrent, { storage: () => storage })
}

/** A node that says it has verified all pieces, of which not one is right. A seed hashes its own. */
export async function createLiar(torrent: Torrent, content: Uint8Array): Promise<SwarmNode> {
  const node = await createSwarmNode()
  const wrong = content.map((byte) => byte ^ 1)
  await sharePieces(node, torrent, wrong, everyNth(torrent, 1, 0))
  return node
}
