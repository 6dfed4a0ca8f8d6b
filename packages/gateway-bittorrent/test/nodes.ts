import type { Multiaddr } from '@multiformats/multiaddr'
import { memoryStorage, swarm, torrentOf, type Swarm, type Torrent } from '@peerage/swarm'
import { createNode, type Node } from '@peerage/transport'
import { onTestFinished } from 'vitest'
import { gatewayBitTorrent, type Gateway, type GatewayInit } from '../src/index.ts'

const loopback = { host: '127.0.0.1', port: 0 } as const

/** Only this machine, and one port: what a test needs of a node. */
const quiet = { profile: 'lan', mdns: false } as const
const listen = ['/ip4/127.0.0.1/tcp/0']

/** A node with a swarm; it stops with its test. */
export async function swarmNode(): Promise<Node<{ swarm: Swarm }>> {
  const node = await createNode({ ...quiet, listen, services: { swarm: swarm() } })
  onTestFinished(() => node.stop())
  return node
}

/** The node of one BitTorrent client. */
export const clientNode: GatewayInit['createNode'] = (init) =>
  createNode({ ...quiet, listen: [], ...init })

/** A node with a gateway that takes clients; it stops with its test. */
export async function gatewayNode(
  init: Partial<GatewayInit> = {}
): Promise<{ gateway: Gateway; port: number; at: Multiaddr[]; stop: () => Promise<void> }> {
  const node = await createNode({
    ...quiet,
    listen,
    services: {
      gateway: gatewayBitTorrent({
        listen: loopback,
        createNode: clientNode,
        ...init
      })
    }
  })
  onTestFinished(() => node.stop())
  const { gateway } = node.services
  return {
    gateway,
    port: gateway.address?.port ?? 0,
    at: node.getMultiaddrs(),
    stop: async () => {
      await node.stop()
    }
  }
}

/** A node that has all of a torrent of one file. */
export async function seedOf(
  content: Uint8Array,
  name = 'noise.bin'
): Promise<{ torrent: Torrent; at: Multiaddr[]; node: Node<{ swarm: Swarm }> }> {
  const node = await swarmNode()
  const { torrent, storage } = await torrentOf(name, content)
  await node.services.swarm.seed(torrent, storage)
  return { torrent, at: node.getMultiaddrs(), node }
}

/** Fetches a torrent by way of the given peers. */
export async function fetchFrom(
  source: Torrent | string,
  peers: readonly Multiaddr[][]
): Promise<Uint8Array> {
  const node = await swarmNode()
  let storage = undefined as ReturnType<typeof memoryStorage> | undefined
  const transfer = await node.services.swarm.add(source, {
    storage: (torrent) => (storage = memoryStorage(torrent)),
    peers
  })
  const { length } = await transfer.done
  return storage!.read(0, length)
}
