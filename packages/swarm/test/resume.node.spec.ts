import { readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeJournal } from '../src/codec/journal.ts'
import type { Torrent } from '../src/codec/metainfo.ts'
import { limits } from '../src/limits.ts'
import { fileStorage } from '../src/storage/file-storage.ts'
import { openResume, type ResumableStorage } from '../src/storage/resume.ts'
import { freshFolder } from './support/folder.ts'
import { noise } from '@peerage/testbed'
import { kib, noiseTorrent, pieceChecker, piecesOf } from './support/torrents.ts'

const all = (torrent: Torrent) => Array.from({ length: torrent.pieceCount }, (_, piece) => piece)

/** Forty pieces in three files; the folder for the files and the one for the journal. */
async function setUp() {
  const { torrent, data } = await noiseTorrent({ a: 10_000, 'b/none': 0, 'b/c': 30_000 }, kib)
  const folder = await freshFolder()
  const journal = join(folder, 'journal')
  const path = (name: string) => join(folder, 'sample', ...name.split('/'))
  const file = join(journal, `${torrent.id.replace(':', '-')}.resume`)

  /** One run of a program: opens, says what it knows and what it had to hash for it. */
  async function run() {
    const storage = fileStorage(torrent, folder, { journal })
    const { check, checked } = pieceChecker(torrent, storage)
    const have = piecesOf(await storage.remembered(check))
    return { storage, have, checked }
  }

  async function fetch(storage: ReturnType<typeof fileStorage>, pieces: readonly number[]) {
    for (const piece of pieces) {
      const at = piece * torrent.pieceLength
      await storage.write(at, data.subarray(at, at + torrent.pieceSize(piece)))
      await storage.remember(piece)
    }
  }

  return { torrent, data, folder, journal, file, path, run, fetch }
}

test('where there is nothing, nothing is hashed', async () => {
  const { run, folder } = await setUp()
  const { storage, have, checked } = await run()
  expect({ have, checked }).toEqual({ have: [], checked: [] })
  await storage.close()
  expect(await readdir(folder)).toEqual(['journal'])
})

test('after closing, a sample is hashed and the rest is believed', async () => {
  const { torrent, run, fetch } = await setUp()
  const first = await run()
  await fetch(first.storage, all(torrent).slice(0, 30))
  await first.storage.close()
  const second = await run()
  expect(second.have).toEqual(all(torrent).slice(0, 30))
  expect(second.checked).toHaveLength(limits.storage.spotPieces)
  // the latest are what a failing disk loses first
  expect(second.checked).toEqual(expect.arrayContaining([26, 27, 28, 29]))
  await fetch(second.storage, all(torrent).slice(30))
  await second.storage.close()
  const third = await run()
  expect(third.have).toEqual(all(torrent))
  await third.storage.close()
})

test('without a journal, what is there is hashed', async () => {
  const { torrent, folder, run, fetch } = await setUp()
  const first = await run()
  await fetch(first.storage, [0, 7, 39])
  await first.storage.close()
  const storage = fileStorage(torrent, folder)
  const { check, checked } = pieceChecker(torrent, storage)
  expect(piecesOf(await storage.remembered(check))).toEqual([0, 7, 39])
  // holes read as zeros, and only the hash can tell
  expect(checked).toEqual(all(torrent).filter((piece) => piece < 8 || piece > 9))
  await storage.close()
})

describe('a journal that does not fit the files is not believed', () => {
  async function fetched() {
    const house = await setUp()
    const { storage } = await house.run()
    await house.fetch(storage, all(house.torrent))
    await storage.close()
    return house
  }

  async function expectFullCheck(
    house: Awaited<ReturnType<typeof setUp>>,
    lost: readonly number[]
  ) {
    const { storage, have, checked } = await house.run()
    const good = all(house.torrent).filter((piece) => !lost.includes(piece))
    expect(have).toEqual(good)
    expect(new Set(checked).size).toBeGreaterThanOrEqual(good.length)
    await storage.close()
    // and what was found is believed the next time
    const again = await house.run()
    expect(again.have).toEqual(good)
    expect(again.checked.length).toBeLessThanOrEqual(limits.storage.spotPieces)
    await again.storage.close()
  }

  test('a file was changed', async () => {
    const house = await fetched()
    const content = await readFile(house.path('a'))
    content[5 * kib]! ^= 1
    await writeFile(house.path('a'), content)
    await expectFullCheck(house, [5])
  })

  test('a file was only touched', async () => {
    const house = await fetched()
    await utimes(house.path('a'), 1, 1)
    await expectFullCheck(house, [])
  })

  test('a file was cut', async () => {
    const house = await fetched()
    await truncate(house.path('b/c'), 20_000)
    // 10,000 bytes of the file before it, then 20,000: pieces from 29 on are not whole
    await expectFullCheck(house, all(house.torrent).slice(29))
  })

  test('a file is gone', async () => {
    const house = await fetched()
    await rm(house.path('a'))
    await expectFullCheck(house, all(house.torrent).slice(0, 10))
  })

  test('all files are gone', async () => {
    const house = await fetched()
    await rm(join(house.folder, 'sample'), { recursive: true })
    const { storage, have, checked } = await house.run()
    expect({ have, checked }).toEqual({ have: [], checked: [] })
    await storage.close()
  })

  test('every byte was changed and the times set back: the sample finds it', async () => {
    const house = await fetched()
    for (const name of ['a', 'b/c']) {
      const { atime, mtime } = await stat(house.path(name))
      await writeFile(house.path(name), noise((await readFile(house.path(name))).length, 77))
      await utimes(house.path(name), atime, mtime)
    }
    const { storage, have, checked } = await house.run()
    expect(have).toEqual([])
    expect(new Set(checked).size).toBe(house.torrent.pieceCount)
    await storage.close()
  })

  test('the journal is of another torrent', async () => {
    const house = await fetched()
    const other = await noiseTorrent({ x: 40_000 }, kib)
    const bytes = await readFile(house.file)
    bytes.set(other.torrent.infoHash, 8)
    await writeFile(house.file, bytes)
    await expectFullCheck(house, [])
  })

  test('the journal is far too long', async () => {
    const house = await fetched()
    await truncate(house.file, 1_000_000)
    await expectFullCheck(house, [])
  })

  test('the journal is gone', async () => {
    const house = await fetched()
    await rm(house.file)
    await expectFullCheck(house, [])
  })
})

test('whatever happens to the journal, no piece counts that is not there', async () => {
  const { torrent, run, fetch, file } = await setUp()
  const good = [0, 1, 5, 17, 20, 33, 38, 39]
  const first = await run()
  await fetch(first.storage, good)
  await first.storage.close()
  const whole = await readFile(file)
  const harm = fc.record({ at: fc.nat(), byte: fc.nat(255), end: fc.nat(), tail: fc.uint8Array() })
  await fc.assert(
    fc.asyncProperty(harm, async ({ at, byte, end, tail }) => {
      const bytes = Buffer.concat([whole.subarray(0, end % (whole.length + 1)), tail])
      if (bytes.length > 0) bytes[at % bytes.length] = byte
      await writeFile(file, bytes)
      const { storage, have } = await run()
      // pieces whose record is lost may be fetched again; others must not appear
      expect(good).toEqual(expect.arrayContaining(have))
      await storage.close()
    }),
    { numRuns: 60 }
  )
  expect(torrent.pieceCount).toBe(40)
})

describe('the order of things', () => {
  /** A storage whose syncs end when the test says so, and a clock the test turns. */
  async function setUpFake(pieceSize?: number) {
    const { torrent: small } = await noiseTorrent({ a: 100 * kib }, kib)
    const torrent = pieceSize === undefined ? small : { ...small, pieceSize: () => pieceSize }
    const folder = await freshFolder()
    const syncs: { end: () => void; fail: (error: Error) => void }[] = []
    const waiting: (() => void)[] = []
    const storage: ResumableStorage = {
      sync: () => {
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        syncs.push({ end: resolve, fail: reject })
        for (const wake of waiting.splice(0)) wake()
        return promise
      },
      state: async () => [{ size: torrent.length, changed: 0 }]
    }
    const timers = new Map<() => void, number>()
    const clock: Clock = {
      now: () => 0,
      after: (delay, run) => {
        timers.set(run, delay)
        return () => void timers.delete(run)
      }
    }
    const syncing = async (count: number) => {
      while (syncs.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    }
    const file = join(folder, `${torrent.id.replace(':', '-')}.resume`)
    const journal = async () => decodeJournal(await readFile(file), torrent)!
    const check = async () => false
    const opening = openResume({ torrent, storage, folder, check, clock })
    await syncing(1)
    syncs[0]!.end()
    const resume = await opening
    onTestFinished(() => resume.close())
    return { resume, syncs, syncing, timers, journal }
  }

  test('a piece is on record at once, and safe only when the data has been synced', async () => {
    const { resume, syncs, syncing, journal } = await setUpFake()
    await resume.add(3)
    const flushed = resume.flush()
    await syncing(2)
    expect(await journal()).toMatchObject({ synced: [], unsynced: [3] })
    syncs[1]!.end()
    await flushed
    expect(await journal()).toMatchObject({ synced: [3], unsynced: [] })
  })

  test('a piece added while a sync is under way waits for the next', async () => {
    const { resume, syncs, syncing, journal } = await setUpFake()
    await resume.add(3)
    const first = resume.flush()
    await syncing(2)
    await resume.add(4)
    syncs[1]!.end()
    await first
    expect(await journal()).toMatchObject({ synced: [3], unsynced: [4] })
    const second = resume.flush()
    await syncing(3)
    syncs[2]!.end()
    await second
    expect(await journal()).toMatchObject({ synced: [3, 4], unsynced: [] })
  })

  test('a piece added twice is on record once, and a flush with nothing new does nothing', async () => {
    const { resume, syncs, syncing, journal } = await setUpFake()
    await resume.add(3)
    await resume.add(3)
    const flushed = resume.flush()
    await syncing(2)
    syncs[1]!.end()
    await flushed
    await resume.flush()
    expect(syncs).toHaveLength(2)
    expect(await journal()).toMatchObject({ synced: [3], unsynced: [] })
  })

  test('after a failed sync nothing more is marked: the next run hashes it', async () => {
    const { resume, syncs, syncing, journal } = await setUpFake()
    await resume.add(3)
    const flushed = resume.flush()
    await syncing(2)
    syncs[1]!.fail(new Error('EIO'))
    await expect(flushed).rejects.toThrow('EIO')
    await resume.add(4)
    await expect(resume.flush()).rejects.toThrow('EIO')
    expect(syncs).toHaveLength(2)
    expect(await journal()).toMatchObject({ synced: [], unsynced: [3, 4] })
    await expect(resume.close()).rejects.toThrow('EIO')
    expect((await journal()).stamp).toBeUndefined()
  })

  test('with as much not synced as may be hashed after a crash, a piece waits for the sync', async () => {
    const { journalMost } = limits.storage
    const { resume, syncs, syncing, timers } = await setUpFake(journalMost / 4)
    await Promise.all([resume.add(0), resume.add(1), resume.add(2)])
    for (const run of timers.keys()) run()
    await syncing(2)
    // while that sync is under way
    await Promise.all([resume.add(3), resume.add(4), resume.add(5)])
    let waited = false
    const added = resume.add(6).then(() => (waited = true))
    syncs[1]!.end()
    await syncing(3)
    expect(waited).toBe(false)
    syncs[2]!.end()
    await added
  })

  test('a flush comes by itself after a while, and no timer outlives it', async () => {
    const { resume, syncs, syncing, timers, journal } = await setUpFake()
    await resume.add(1)
    await resume.add(2)
    expect([...timers.values()]).toEqual([limits.storage.journalDelay])
    for (const run of timers.keys()) run()
    await syncing(2)
    expect(timers.size).toBe(0)
    syncs[1]!.end()
    await resume.flush()
    expect(await journal()).toMatchObject({ synced: [1, 2] })
    await resume.close()
    expect(timers.size).toBe(0)
    expect((await journal()).stamp).toBeTypeOf('number')
  })
})

test('after a crash, what was not synced is hashed again and so is a sample', async () => {
  const { torrent, run, fetch, journal, folder } = await setUp()
  const crashed = fileStorage(torrent, folder)
  const check = async () => false
  const resume = await openResume({ torrent, storage: crashed, folder: journal, check })
  const write = async (pieces: readonly number[]) => {
    await fetch(crashed, pieces)
    for (const piece of pieces) await resume.add(piece)
  }
  await write(all(torrent).slice(0, 20))
  await resume.flush()
  await write([30, 31])
  // closing the files is no flush: to the next run this looks like a crash
  await crashed.close()
  const { storage, have, checked } = await run()
  expect(have).toEqual([...all(torrent).slice(0, 20), 30, 31])
  expect(checked).toEqual(expect.arrayContaining([30, 31]))
  expect(checked).toHaveLength(limits.storage.spotPieces + 2)
  await storage.close()
})

test('progress of a full check counts up, and a signal ends it', async () => {
  const { torrent, data, folder, path, run, fetch } = await setUp()
  const { storage } = await run()
  await fetch(storage, all(torrent))
  await storage.close()
  await rm(join(folder, 'journal'), { recursive: true })
  const seen: number[] = []
  const onCheck = ({ checked, total }: { checked: number; total: number }) =>
    seen.push(checked / total)
  const again = fileStorage(torrent, folder, { onCheck })
  await again.remembered(pieceChecker(torrent, again).check)
  expect(seen).toHaveLength(40)
  expect(seen.at(-1)).toBe(1)
  await again.close()
  const stopped = fileStorage(torrent, folder)
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(stopped.remembered(async () => true, { signal })).rejects.toThrow('enough')
  await stopped.close()
  expect(new Uint8Array(await readFile(path('a')))).toEqual(data.slice(0, 10_000))
})
