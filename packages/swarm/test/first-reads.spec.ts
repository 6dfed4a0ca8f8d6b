import { describe, expect, test } from 'vitest'
import { encodeExtendedHandshake, decodeDontHave, ourDontHaveId } from '../src/codec/extended.ts'
import { FirstReads } from '../src/first-reads.ts'
import { memoryStorage, type Storage } from '../src/index.ts'
import { limits } from '../src/limits.ts'
import { createSwarmNode, filled, makeTorrent } from './nodes.ts'
import { Probe, torrent } from './probe.ts'
import { kib, noiseTorrent } from './support/torrents.ts'

const { block } = limits.wire

describe('the pieces of a seed', () => {
  async function setUp() {
    const { torrent, data } = await noiseTorrent({ a: 40 * kib }, 4 * kib)
    const storage = memoryStorage(torrent)
    await storage.write(0, data)
    const reads: [number, number][] = []
    const counted: Storage = {
      ...storage,
      read: (offset, length, options) => {
        reads.push([offset, length])
        return storage.read(offset, length, options)
      }
    }
    return { torrent, data, storage, reads, counted, first: new FirstReads(torrent, counted) }
  }

  test('are hashed when they are first read, once each, and nothing else is read for that', async () => {
    const { data, reads, first } = await setUp()
    const [a, b] = await Promise.all([first.read(2, 0, kib, {}), first.read(2, kib, kib, {})])
    expect(a).toEqual(data.slice(8 * kib, 9 * kib))
    expect(b).toEqual(data.slice(9 * kib, 10 * kib))
    expect(reads).toEqual([[8 * kib, 4 * kib]])
    expect(await first.read(2, 10, 5, {})).toEqual(data.slice(8 * kib + 10, 8 * kib + 15))
    expect(reads.at(-1)).toEqual([8 * kib + 10, 5])
  })

  test('that are wrong are not read again, until they are stored anew', async () => {
    const { data, storage, reads, first } = await setUp()
    await storage.write(4 * kib, Uint8Array.of(data[4 * kib]! ^ 1))
    expect(await first.read(1, kib, kib, {})).toBeUndefined()
    expect(await first.read(1, 0, kib, {})).toBeUndefined()
    expect(reads).toHaveLength(1)
    await storage.write(4 * kib, data.subarray(4 * kib, 8 * kib))
    first.stored(1)
    expect(await first.read(1, 0, kib, {})).toEqual(data.slice(4 * kib, 5 * kib))
  })

  test('that could not be read are hashed the next time', async () => {
    const { torrent, data, counted } = await setUp()
    let broken = true
    const first = new FirstReads(torrent, {
      ...counted,
      read: async (...range) => {
        if (broken) throw new Error('EIO')
        return counted.read(...range)
      }
    })
    await expect(first.read(0, 0, kib, {})).rejects.toThrow('EIO')
    broken = false
    expect(await first.read(0, 0, kib, {})).toEqual(data.slice(0, kib))
  })
})

describe('a piece that turns out wrong', () => {
  const ask = { type: 'request', piece: 3, begin: 0, length: block } as const

  /** A seed whose peer asked for a piece that was read and is wrong. */
  function lost(): Probe {
    const probe = new Probe('all').up()
    probe.says({ type: 'extended', id: 0, payload: encodeExtendedHandshake({}) })
    probe.says({ type: 'have-none' }).says({ type: 'interested' })
    probe.says(ask).says({ ...ask, begin: block })
    for (const { job, work } of probe.jobs) {
      expect(work).toMatchObject({ type: 'read', piece: 3 })
      probe.done(job, { type: 'corrupt' })
    }
    return probe
  }

  test('is not given, and the peer is told that it is here no longer (BEP 54)', () => {
    const probe = lost()
    expect(probe.sent('piece')).toEqual([])
    expect(probe.sent('reject').map(({ piece }) => piece)).toEqual([3, 3])
    const [told] = probe.sent('extended').filter(({ id }) => id === ourDontHaveId)
    expect(decodeDontHave(told!.payload)).toBe(3)
    expect(probe.effects).toContainEqual({ type: 'tell', news: { type: 'lost-piece', piece: 3 } })
    expect(probe.core.progress(0)).toMatchObject({ state: 'seeding', pieces: 9, left: 0 })
    expect(probe.core.progress(0).bytes).toBe(torrent.length - torrent.pieceLength)
  })

  test('may be asked for by who had not heard of it yet', () => {
    const probe = lost()
    const before = probe.sent('reject').length
    probe.says(ask)
    expect(probe.sent('reject')).toHaveLength(before + 1)
    expect(probe.offence).toBe(0)
    expect(probe.says({ ...ask, piece: torrent.pieceCount }).offence).toBe(limits.trust.breach)
  })

  test('sends away who cannot be told, so that it comes again and sees what there is', () => {
    const probe = new Probe('all').up().says({ type: 'have-none' }).says({ type: 'interested' })
    probe.says(ask)
    probe.done(probe.jobs[0]!.job, { type: 'corrupt' })
    expect(probe.effects.filter(({ type }) => type === 'drop')).toHaveLength(1)
    probe.effects = []
    probe.up('again')
    expect(probe.sent('bitfield')).toMatchObject([
      { bits: Uint8Array.of(0b1110_1111, 0b1100_0000) }
    ])
  })

  test('is not fetched, for the user may have changed it, before files are chosen anew', () => {
    const probe = lost().up('other').says({ type: 'have-all' }, 'other')
    probe.says({ type: 'unchoke' }, 'other').wait(5_000)
    expect(probe.sent('request')).toEqual([])
    probe
      .asks({ type: 'prioritize', files: [4] })
      .up('third')
      .says({ type: 'have-all' }, 'third')
    probe.says({ type: 'unchoke' }, 'third')
    expect(new Set(probe.sent('request').map(({ piece }) => piece))).toEqual(new Set([3]))
  })
})

test('a seed with a changed piece is not banned, says so, and the rest is fetched from it', async () => {
  const { torrent, content } = await makeTorrent(640_000)
  const spoilt = await filled(torrent, content)
  await spoilt.write(3 * torrent.pieceLength, Uint8Array.of(content[3 * torrent.pieceLength]! ^ 1))
  const [bad, taker, good] = await Promise.all([
    createSwarmNode(),
    createSwarmNode(),
    createSwarmNode()
  ])
  const seed = await bad.swarm.seed(torrent, spoilt)
  const lost = new Promise<number>((resolve) => {
    seed.addEventListener('piece:lose', ({ detail }) => resolve(detail.piece))
  })
  const transfer = await taker.swarm.add(torrent, {
    storage: memoryStorage,
    peers: bad.addresses()
  })
  let rejected = 0
  transfer.addEventListener('piece:reject', () => rejected++)
  expect(await lost).toBe(3)
  await new Promise<void>((resolve) => {
    const look = () => {
      if (transfer.progress.pieces === torrent.pieceCount - 1) resolve()
    }
    transfer.addEventListener('transfer:progress', look)
    look()
  })
  expect(seed.progress).toMatchObject({ state: 'seeding', pieces: torrent.pieceCount - 1 })
  await good.swarm.seed(torrent, await filled(torrent, content))
  for (const address of good.addresses()) transfer.connect(address)
  await transfer.done
  expect(rejected).toBe(0)
  expect(transfer.sourcesOf().map(({ peer }) => String(peer))).toEqual([
    String(bad.peerId),
    String(good.peerId)
  ])
})
