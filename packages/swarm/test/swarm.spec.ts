import { describe, expect, test } from 'vitest'
import {
  Bitfield,
  formatMagnet,
  memoryStorage,
  type Storage,
  type Torrent,
  type Transfer
} from '../src/index.ts'
import { createSwarmNode, filled, makeTorrent, type SwarmNode } from './nodes.ts'
import { same } from './world.ts'

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
  test('fetches from three seeds at once, verified', async () => {
    const { torrent, content } = await makeTorrent()
    const seeds = await Promise.all([1, 2, 3].map(() => seedOf(torrent, content)))
    const leecher = await createSwarmNode()
    const { open, read } = watched(torrent)
    const transfer = await leecher.swarm.add(torrent, {
      storage: open,
      peers: seeds.map((seed) => seed.addresses())
    })
    expect(await transfer.done).toBe(torrent)
    expect(same(await read(), content)).toBe(true)
    expect(transfer.progress).toMatchObject({
      state: 'seeding',
      bytes: torrent.length,
      timeLeft: 0
    })
    const sources = transfer.sourcesOf()
    expect(sources).toHaveLength(3)
    expect(sources.reduce((sum, source) => sum + source.pieces, 0)).toBe(torrent.pieceCount)
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
    const all = Array.from({ length: torrent.pieceCount }, (_, piece) => piece)
    const halves = [all.filter((piece) => piece % 2 === 0), all.filter((piece) => piece % 2 === 1)]
    const nodes = await Promise.all(halves.map(() => createSwarmNode()))
    const transfers = await Promise.all(
      nodes.map(async (node, i) => {
        const storage = await filled(torrent, content, halves[i])
        return node.swarm.add(torrent, { storage: () => remembering(torrent, storage, halves[i]!) })
      })
    )
    transfers[0]!.connect(nodes[1]!.addresses())
    await Promise.all(transfers.map((transfer) => transfer.done))
    expect(transfers[0]!.sourcesOf()).toEqual([
      { peer: expect.objectContaining({}), pieces: halves[1]!.length }
    ])
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

/** A storage that says it was filled in an earlier run. */
function remembering(torrent: Torrent, storage: Storage, kept: number[]): Storage {
  const have = new Bitfield(torrent.pieceCount)
  for (const piece of kept) have.add(piece)
  return { ...storage, remembered: async () => have.toBytes() }
}

describe('a seed that gives wrong bytes', () => {
  test('is banned, and the file still completes', async () => {
    const { torrent, content } = await makeTorrent()
    const wrong = content.map((byte) => byte ^ 1)
    const liar = await seedOf(torrent, wrong)
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
