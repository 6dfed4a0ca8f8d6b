import { identify } from '@libp2p/identify'
import type { Libp2pEvents, PrivateKey, TypedEventTarget } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { encodeExtendedHandshake } from '../src/codec/extended.ts'
import { ourReserved } from '../src/codec/handshake.ts'
import { encodePex, ourPexId } from '../src/codec/peer-exchange.ts'
import { limits } from '../src/limits.ts'
import { PeerRecords, type RecordedPeer } from '../src/discovery/peer-records.ts'
import {
  createSwarmNode,
  everyNth,
  filled,
  makeTorrent,
  sharePieces,
  type SwarmNode
} from './nodes.ts'
import { memoryStorage } from '../src/index.ts'

/** A new peer's key. */
async function key(): Promise<PrivateKey> {
  const own = ({ privateKey }: { privateKey: PrivateKey }) => privateKey
  return (await createSwarmNode({ services: { own } })).services['own'] as PrivateKey
}

const address = (port: number) => multiaddr(`/ip4/127.0.0.1/tcp/${port}`)

/** A record as a peer signs it, of itself or of another. */
async function seal(by: PrivateKey, of = by, multiaddrs = [address(1)]): Promise<Uint8Array> {
  const record = new PeerRecord({ peerId: peerIdFromPrivateKey(of), multiaddrs })
  return (await RecordEnvelope.seal(record, by)).marshal()
}

async function open(records: Uint8Array[], self = '') {
  const met: RecordedPeer[] = []
  const { signal } = new AbortController()
  const work = { type: 'open-records', records } as const
  const result = await new PeerRecords(self).carryOut(work, (peer) => met.push(peer), signal)
  return { met, result }
}

describe('a signed record', () => {
  test('tells where its peer is, and addresses end in the peer’s id', async () => {
    const mine = await key()
    const id = peerIdFromPrivateKey(mine).toString()
    const other = peerIdFromPrivateKey(await key()).toString()
    const told = [
      address(1),
      address(2).encapsulate(`/p2p/${id}`),
      // leads to somebody else
      address(3).encapsulate(`/p2p/${other}`)
    ]
    const { met, result } = await open([await seal(mine, mine, told)])
    expect(result).toEqual({ type: 'opened-records', peers: [id], forged: false })
    expect(met[0]!.addresses.map(String)).toEqual([
      `/ip4/127.0.0.1/tcp/1/p2p/${id}`,
      `/ip4/127.0.0.1/tcp/2/p2p/${id}`
    ])
  })

  test('has so many addresses read, and no more', async () => {
    const mine = await key()
    const many = Array.from({ length: limits.pex.addresses + 1 }, (_, i) => address(i + 1))
    const { met } = await open([await seal(mine, mine, many)])
    expect(met[0]!.addresses).toHaveLength(limits.pex.addresses)
  })

  test('is forged when another signed it, when a byte differs, and when it is none', async () => {
    const [mine, yours] = await Promise.all([key(), key()])
    const spoilt = await seal(mine)
    spoilt[spoilt.length - 1]! ^= 1
    for (const forged of [await seal(mine, yours), spoilt, new Uint8Array(40)]) {
      const { met, result } = await open([forged, await seal(yours)])
      expect(result).toMatchObject({
        forged: true,
        peers: [peerIdFromPrivateKey(yours).toString()]
      })
      expect(met).toHaveLength(1)
    }
  })

  test('of ourselves or without addresses leads nowhere and is no lie', async () => {
    const [mine, yours] = await Promise.all([key(), key()])
    const self = peerIdFromPrivateKey(mine).toString()
    const { met, result } = await open([await seal(mine), await seal(yours, yours, [])], self)
    expect(result).toEqual({ type: 'opened-records', peers: [], forged: false })
    expect(met).toEqual([])
  })
})

/** A node that hears where its peers are. */
function listening(): Promise<SwarmNode> {
  const events = (components: { events: TypedEventTarget<Libp2pEvents> }) => components.events
  return createSwarmNode({ services: { identify: identify(), events } })
}

/** Resolves when a node knows a peer's signed record. */
function identified(node: SwarmNode, peer: SwarmNode): Promise<void> {
  const events = node.services['events'] as TypedEventTarget<Libp2pEvents>
  return new Promise((resolve) => {
    events.addEventListener('peer:identify', ({ detail }) => {
      if (detail.peerId.equals(peer.peerId)) resolve()
    })
  })
}

describe('peer exchange over libp2p', () => {
  test('finds a third peer that nobody else told of', async () => {
    const { torrent, content } = await makeTorrent()
    const [ann, ben, cem] = [await listening(), await listening(), await listening()]
    // ann and cem have half each; ben, in the middle, has nothing and asks for nothing
    const middle = await ben.swarm.add(torrent, { storage: memoryStorage })
    middle.pause()
    const known = identified(ben, cem)
    const right = await sharePieces(cem, torrent, content, everyNth(torrent, 2, 1))
    right.connect(ben.addresses())
    await known
    const left = await sharePieces(ann, torrent, content, everyNth(torrent, 2, 0))
    left.connect(ben.addresses())
    await Promise.all([left.done, right.done])
    expect(left.sourcesOf().map(({ peer }) => peer.toString())).toEqual([cem.peerId.toString()])
  })

  test('drops who forges a record', async () => {
    const { torrent, content } = await makeTorrent(100_000)
    const [node, forger] = [await listening(), await createSwarmNode()]
    const storage = await filled(torrent, content, [])
    await node.swarm.add(torrent, { storage: () => storage })
    const channel = await forger.open(node)
    const { infoHash } = torrent
    const peerId = new Uint8Array(20)
    await channel.send({ type: 'handshake', infoHash, peerId, reserved: ourReserved() })
    const payload = encodePex({ added: [await seal(await key(), await key())], dropped: [] })
    await channel.send({ type: 'extended', id: 0, payload: encodeExtendedHandshake({}) })
    await channel.send({ type: 'extended', id: ourPexId, payload })
    const heard: string[] = []
    for await (const { type } of channel) heard.push(type)
    expect(heard).toContain('handshake')
  })
})
