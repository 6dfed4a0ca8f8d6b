import { manualClock } from '@peerage/testbed'
import { describe, expect, test, vi } from 'vitest'
import {
  formatMagnet,
  limits,
  memoryStorage,
  type PeerMessage,
  type Storage,
  type Torrent,
  type Transfer
} from '../src/index.ts'
import {
  createSwarmNode,
  createLiar,
  everyNth,
  filled,
  makeTorrent,
  remembering,
  sharePieces,
  type SwarmNode
} from './nodes.ts'
import { same } from './test-swarm.ts'

async function seedOf(torrent: Torrent, content: Uint8Array): Promise<SwarmNode> {
  const node = await createSwarmNode()
  await node.swarm.seed(torrent, await filled(torrent, content))
  return node
}

/** A storage one can look into. */
function watched(torrent: Torrent): {
  storage: Storage
  open: () => Storage
  read: () => Promise<Uint8Array>
} {
  const storage = memoryStorage(torrent)
  return { storage, open: () => storage, read: () => storage.read(0, torrent.length) }
}

/** Resolves when the transfer has so many pieces. */
function pieces(transfer: Transfer, count: number): Promise<void> {
  return new Promise((resolve) => {
    transfer.addEventListener('piece:verify', () => {
      if (transfer.progress.pieces >= count) resolve()
    })
  })
}

describe('a swarm', () => {
  test('fetches from three peers that have a third each, verified', async () => {
    const { torrent, content } = await makeTorrent()
    const peers = await Promise.all([0, 1, 2].map(() => createSwarmNode()))
    const thirds = peers.map((_, i) => everyNth(torrent, 3, i))
    for (const [i, peer] of peers.entries()) await sharePieces(peer, torrent, content, thirds[i]!)
    const leecher = await createSwarmNode()
    const { open, read } = watched(torrent)
    const transfer = await leecher.swarm.add(torrent, {
      storage: open,
      peers: peers.map((peer) => peer.addresses())
    })
    expect(await transfer.done).toBe(torrent)
    expect(same(await read(), content)).toBe(true)
    const { length } = torrent
    expect(transfer.progress).toMatchObject({ state: 'seeding', bytes: length, timeLeft: 0 })
    const gave = new Map(transfer.sourcesOf().map(({ peer, pieces }) => [String(peer), pieces]))
    expect(peers.map(({ peerId }) => gave.get(String(peerId)))).toEqual(
      thirds.map((third) => third.length)
    )
  })

  test('fetches by a magnet that names a peer, metadata first', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const leecher = await createSwarmNode()
    const link = formatMagnet({ infoHash: torrent.infoHash, peers: seed.addresses().map(String) })
    const transfer = await leecher.swarm.add(link, { storage: memoryStorage })
    expect(transfer.progress.state).toBe('metadata')
    const known = new Promise((resolve) => {
      transfer.addEventListener('metadata:receive', ({ detail }) => {
        resolve(detail.name)
      })
    })
    expect(await known).toBe('noise.bin')
    expect((await transfer.done).id).toBe(torrent.id)
  })

  test('finds peers through the function it was given', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const asked: Uint8Array[] = []
    const leecher = await createSwarmNode({
      findPeers: async function* (infoHash) {
        asked.push(infoHash)
        yield seed.addresses()
      }
    })
    const transfer = await leecher.swarm.add(torrent, { storage: memoryStorage })
    await transfer.done
    expect(asked).toEqual([torrent.infoHash])
  })

  test('two leechers with half each give each other the rest', async () => {
    const { torrent, content } = await makeTorrent()
    const [ann, ben] = await Promise.all([createSwarmNode(), createSwarmNode()])
    const even = await sharePieces(ann, torrent, content, everyNth(torrent, 2, 0))
    const odd = await sharePieces(ben, torrent, content, everyNth(torrent, 2, 1))
    even.connect(ben.addresses())
    await Promise.all([even.done, odd.done])
    expect(even.sourcesOf()).toEqual([{ peer: ben.peerId, pieces: everyNth(torrent, 2, 1).length }])
  })

  test('does not fetch again what its storage remembers', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const leecher = await createSwarmNode()
    const first = await leecher.swarm.add(torrent, {
      storage: memoryStorage,
      peers: [seed.addresses()]
    })
    await pieces(first, 10)
    await first.stop()
    await expect(first.done).rejects.toThrow(
      expect.objectContaining({ name: 'TransferStoppedError' })
    )
    const kept = Array.from({ length: 15 }, (_, piece) => piece)
    const storage = await filled(torrent, content, kept)
    const second = await leecher.swarm.add(torrent, {
      storage: () => remembering(torrent, storage, kept),
      peers: [seed.addresses()]
    })
    expect(second.progress.pieces).toBe(15)
    await second.done
    expect(second.sourcesOf()[0]!.pieces).toBe(torrent.pieceCount - 15)
  })

  test('goes on with the others when a seed stops midway', async () => {
    const { torrent, content } = await makeTorrent(120 * 64 * 1024)
    const seeds = await Promise.all([1, 2].map(() => seedOf(torrent, content)))
    const leecher = await createSwarmNode()
    const { open, read } = watched(torrent)
    const transfer = await leecher.swarm.add(torrent, {
      storage: open,
      peers: seeds.map((seed) => seed.addresses())
    })
    await pieces(transfer, 20)
    await seeds[0]!.stop()
    await transfer.done
    expect(same(await read(), content)).toBe(true)
  })
})

describe('a channel from a stranger', () => {
  const handshake = (infoHash: Uint8Array): PeerMessage => ({
    type: 'handshake',
    infoHash,
    peerId: new Uint8Array(20),
    reserved: new Uint8Array(8)
  })

  test('for a torrent that takes part is answered with the same info-hash', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const channel = await (await createSwarmNode()).open(seed)
    await channel.send(handshake(torrent.infoHash))
    expect(await channel.receive()).toMatchObject({ infoHash: torrent.infoHash })
    expect(await channel.receive()).toMatchObject({ type: 'bitfield' })
  })

  test('for another torrent is closed without a word', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const channel = await (await createSwarmNode()).open(seed)
    await channel.send(handshake(new Uint8Array(20)))
    expect(await channel.receive()).toBeUndefined()
  })

  test('that speaks something else is cut', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const channel = await (await createSwarmNode()).open(seed)
    for (let i = 0; i < 20; i++) channel.post({ type: 'keep-alive' })
    await channel.closed
  })

  test('that says nothing is cut in time', async () => {
    const clock = manualClock()
    const node = await createSwarmNode({ clock })
    const channel = await (await createSwarmNode()).open(node)
    // the node has taken the stream in once it has set its timers
    await vi.waitUntil(() => clock.pending > 0)
    await clock.advance(limits.wire.handshakeTimeout)
    await channel.closed
  })
})

describe('a seed that gives wrong bytes', () => {
  test('is banned, and the file still completes', async () => {
    const { torrent, content } = await makeTorrent()
    const liar = await createLiar(torrent, content)
    const honest = await seedOf(torrent, content)
    const leecher = await createSwarmNode()
    const { open, read } = watched(torrent)
    const transfer = await leecher.swarm.add(torrent, { storage: open, peers: [liar.addresses()] })
    const rejected = await new Promise<string[]>((resolve) => {
      transfer.addEventListener('piece:reject', ({ detail }) => {
        resolve(detail.from.map(String))
      })
    })
    expect(rejected).toEqual([liar.peerId.toString()])
    transfer.connect(honest.addresses())
    await transfer.done
    expect(same(await read(), content)).toBe(true)
    expect(transfer.sourcesOf().map(({ peer }) => peer.toString())).toEqual([
      honest.peerId.toString()
    ])
  })
})

describe('a full disk', () => {
  test('is told and does not end the transfer', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const leecher = await createSwarmNode()
    const storage: Storage = {
      ...memoryStorage(torrent),
      write: async () => {
        throw new Error('no space left on the device')
      }
    }
    const transfer = await leecher.swarm.add(torrent, {
      storage: () => storage,
      peers: [seed.addresses()]
    })
    const error = await new Promise<Error>((resolve) => {
      transfer.addEventListener('disk:fail', ({ detail }) => {
        resolve(detail)
      })
    })
    expect(error.message).toBe('no space left on the device')
    expect(transfer.progress).toMatchObject({ state: 'disk-failed', pieces: 0 })
  })
})

describe('what cannot be done', () => {
  test('one torrent twice on one node', async () => {
    const { torrent } = await makeTorrent()
    const { swarm } = await createSwarmNode()
    const both = [1, 2].map(() => swarm.add(torrent, { storage: memoryStorage }))
    const outcomes = await Promise.allSettled(both)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(outcomes[1]).toMatchObject({ reason: { name: 'TransferExistsError' } })
    await swarm.get(torrent.id)!.stop()
    expect(swarm.transfers).toEqual([])
    await swarm.add(torrent, { storage: memoryStorage })
  })

  test('a storage that does not open', async () => {
    const { torrent } = await makeTorrent()
    const { swarm } = await createSwarmNode()
    const storage = async (): Promise<Storage> => {
      throw new Error('the folder is not writable')
    }
    await expect(swarm.add(torrent, { storage })).rejects.toThrow('the folder is not writable')
    expect(swarm.transfers).toEqual([])
  })

  test('a storage of a magnet that does not open', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await seedOf(torrent, content)
    const { swarm } = await createSwarmNode()
    const transfer = await swarm.add(
      formatMagnet({ ...torrent, peers: seed.addresses().map(String) }),
      {
        storage: async () => {
          throw new Error('the folder is not writable')
        }
      }
    )
    await expect(transfer.done).rejects.toThrow('the folder is not writable')
    await transfer.stop()
  })

  test('anything with an aborted signal', async () => {
    const { torrent } = await makeTorrent()
    const { swarm } = await createSwarmNode()
    const signal = AbortSignal.abort(new Error('changed my mind'))
    await expect(swarm.add(torrent, { storage: memoryStorage, signal })).rejects.toThrow(
      'changed my mind'
    )
  })
})
