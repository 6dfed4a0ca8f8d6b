import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TorrentFile } from '../src/codec/metainfo-files.ts'
import { spansOf } from '../src/storage/layout.ts'
import { memoryStorage } from '../src/storage/memory.ts'
import { noise } from '@peerage/testbed'
import { kib, noiseTorrent } from './support/torrents.ts'

function laidOut(lengths: readonly number[]): TorrentFile[] {
  let offset = 0
  return lengths.map((length, index) => {
    const file = { path: [String(index)], length, offset, pad: false }
    offset += length
    return file
  })
}

describe('spans', () => {
  test('a range is cut at the edges of files, and empty files have no part', () => {
    expect([...spansOf(laidOut([3, 0, 4, 0, 0, 2]), 2, 6)]).toEqual([
      { file: 0, at: 2, from: 0, length: 1 },
      { file: 2, at: 0, from: 1, length: 4 },
      { file: 5, at: 0, from: 5, length: 1 }
    ])
    expect([...spansOf(laidOut([3, 3]), 3, 1)]).toEqual([{ file: 1, at: 0, from: 0, length: 1 }])
    expect([...spansOf(laidOut([3]), 1, 0)]).toEqual([])
  })

  test('for any files, spans cover the range once, in order', () => {
    const files = fc.array(fc.nat(9), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(files, fc.nat(), fc.nat(), (lengths, a, b) => {
        const list = laidOut(lengths)
        const total = lengths.reduce((sum, length) => sum + length, 0)
        const offset = a % (total + 1)
        const length = b % (total - offset + 1)
        let next = offset
        for (const span of spansOf(list, offset, length)) {
          const file = list[span.file]!
          expect(span.length).toBeGreaterThan(0)
          expect(file.offset + span.at).toBe(next)
          expect(span.at + span.length).toBeLessThanOrEqual(file.length)
          expect(span.from).toBe(next - offset)
          next += span.length
        }
        expect(next).toBe(offset + length)
      })
    )
  })
})

describe('memory', () => {
  test('what is written in any cuts reads back in any cuts', async () => {
    const { torrent } = await noiseTorrent({ a: 1500, b: 0, c: 3500 }, kib)
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: torrent.length - 1 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(cuts, cuts, async (writes, reads) => {
        const storage = memoryStorage(torrent)
        const data = noise(torrent.length, 7)
        for (const [from, to] of ranges(writes, torrent.length)) {
          await storage.write(from, data.subarray(from, to))
        }
        for (const [from, to] of ranges(reads, torrent.length)) {
          expect(await storage.read(from, to - from)).toEqual(data.slice(from, to))
        }
      })
    )
  })

  test('the caller may reuse what it wrote and change what it read', async () => {
    const { torrent } = await noiseTorrent({ a: 100 })
    const storage = memoryStorage(torrent)
    const bytes = noise(100)
    await storage.write(0, bytes)
    bytes.fill(0)
    const read = await storage.read(0, 100)
    read.fill(1)
    expect(await storage.read(0, 100)).toEqual(noise(100))
  })

  test('what was never written is not read', async () => {
    const { torrent } = await noiseTorrent({ a: 40 * kib })
    const storage = memoryStorage(torrent)
    await storage.write(0, noise(16 * kib))
    await expect(storage.read(16 * kib, 1)).rejects.toMatchObject({ name: 'StorageError' })
  })

  test('a range outside the torrent is the caller’s fault', async () => {
    const { torrent } = await noiseTorrent({ a: 100 })
    const storage = memoryStorage(torrent)
    await expect(storage.read(99, 2)).rejects.toThrow(RangeError)
    await expect(storage.read(-1, 1)).rejects.toThrow(RangeError)
    await expect(storage.write(100, noise(1))).rejects.toThrow(RangeError)
  })
})

function ranges(cuts: readonly number[], end: number): [number, number][] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), end]
  return edges.slice(1).map((edge, index) => [edges[index]!, edge])
}
