import { readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noise } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DiskFullError } from '../src/errors.ts'
import { fileStorage } from '../src/storage/file-storage.ts'
import { createSwarmNode, filled } from './nodes.ts'
import { freshFolder } from './support/folder.ts'
import { smallDisk } from './support/small-disk.ts'
import { kib, noiseTorrent, pieceChecker, piecesOf } from './support/torrents.ts'

/** Of pieces of 1 KiB: `a` and `b` share piece 1, `b` and `c` and `d` piece 4, and `d` runs on. */
const lengths = { a: 1500, b: 3000, c: 100, d: 3000, none: 0 }
const names = Object.keys(lengths)

async function setUp() {
  const { torrent, data } = await noiseTorrent(lengths, kib)
  const folder = await freshFolder()
  const open = () => fileStorage(torrent, folder, { journal: join(folder, 'journals') })
  const wanting = (...wanted: string[]) => names.map((name) => wanted.includes(name))
  const contentOf = (name: string) => {
    const { offset, length } = torrent.files[names.indexOf(name)]!
    return data.slice(offset, offset + length)
  }
  const fetch = async (storage: ReturnType<typeof open>, pieces: readonly number[]) => {
    for (const piece of pieces) {
      const at = piece * kib
      await storage.write(at, data.subarray(at, at + torrent.pieceSize(piece)))
      await storage.remember(piece)
    }
  }
  const files = async () => (await readdir(join(folder, 'sample')).catch(() => [])).toSorted()
  const sides = async () => (await readdir(folder)).filter((name) => name.startsWith('.'))
  const onDisk = async (name: string) =>
    new Uint8Array(await readFile(join(folder, 'sample', name)))
  return { torrent, data, folder, open, wanting, contentOf, fetch, files, sides, onDisk }
}

test('files that are not wanted are not made, and the pieces they share are whole', async () => {
  const { data, open, wanting, contentOf, fetch, files, sides, onDisk } = await setUp()
  const storage = open()
  await storage.want(wanting('b'))
  await storage.remembered(async () => false)
  await fetch(storage, [1, 2, 3, 4])
  expect(await storage.read(kib, 4 * kib)).toEqual(data.slice(kib, 5 * kib))
  await storage.close()
  expect(await files()).toEqual(['b'])
  expect(await sides()).toEqual([expect.stringMatching(/^\.[0-9a-f]{40}\.parts$/)])
  expect(await onDisk('b')).toEqual(contentOf('b'))
})

test('the part file holds the shared pieces and no more, wherever they are in the torrent', async () => {
  const large = await noiseTorrent({ a: 900_100, b: 900_100, c: 900_100 }, 16 * kib)
  const folder = await freshFolder()
  const storage = fileStorage(large.torrent, folder)
  await storage.want([false, true, false])
  const last = Math.floor(1_800_200 / (16 * kib))
  const at = last * 16 * kib
  await storage.write(at, large.data.subarray(at, at + 16 * kib))
  await storage.close()
  const [name = ''] = (await readdir(folder)).filter((name) => name.startsWith('.'))
  expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(2 * 16 * kib)
})

test('a file that becomes wanted gets its bytes; with the last of them the part file goes', async () => {
  const { open, wanting, contentOf, fetch, files, sides, onDisk, data } = await setUp()
  const storage = open()
  await storage.want(wanting('b'))
  await fetch(storage, [1, 2, 3, 4])
  await storage.want(wanting('b', 'c'))
  expect(await files()).toEqual(['b', 'c'])
  expect(await onDisk('c')).toEqual(contentOf('c'))
  await storage.want(names.map(() => true))
  await fetch(storage, [0, 5, 6, 7])
  expect(await files()).toEqual(names.toSorted())
  expect(await sides()).toEqual([])
  expect(await storage.read(0, data.length)).toEqual(data)
  for (const name of names) expect(await onDisk(name)).toEqual(contentOf(name))
  await storage.close()
})

test('what lies aside is remembered and believed like all else', async () => {
  const { torrent, open, wanting, fetch, contentOf, onDisk } = await setUp()
  const first = open()
  await first.want(wanting('b'))
  await first.remembered(async () => false)
  await fetch(first, [1, 2, 3, 4])
  await first.close()
  // the same choice, then none at all, then another
  for (const wanted of [wanting('b'), undefined, wanting('c')]) {
    const storage = open()
    if (wanted !== undefined) await storage.want(wanted)
    const { check } = pieceChecker(torrent, storage)
    expect(piecesOf(await storage.remembered(check))).toEqual([1, 2, 3, 4])
    await storage.close()
  }
  expect(await onDisk('c')).toEqual(contentOf('c'))
})

test('without a journal the pieces that lie aside are found by their hashes', async () => {
  const { torrent, folder, open, wanting, fetch } = await setUp()
  const first = open()
  await first.want(wanting('d'))
  await fetch(first, [4, 5, 6, 7])
  await first.close()
  await rm(join(folder, 'journals'), { recursive: true, force: true })
  const storage = open()
  const { check } = pieceChecker(torrent, storage)
  expect(piecesOf(await storage.remembered(check))).toEqual([4, 5, 6, 7])
  await storage.close()
})

test('a piece of its own that comes after its file was given up makes the file', async () => {
  const { data, open, wanting, fetch, files } = await setUp()
  const storage = open()
  await storage.want(wanting('a'))
  await fetch(storage, [1])
  await expect(storage.read(2 * kib, kib)).rejects.toThrow('"sample/b" was not wanted')
  await fetch(storage, [2])
  expect(await files()).toEqual(['a', 'b'])
  expect(await storage.read(kib, 2 * kib)).toEqual(data.slice(kib, 3 * kib))
  await storage.close()
})

test('a process that died while it moved a file left all of it, and the next one moves it', async () => {
  const { data, folder, open, wanting, fetch, sides, files } = await setUp()
  const first = open()
  await first.want(wanting('b'))
  await fetch(first, [1, 2, 3, 4])
  await first.close()
  const [parts = ''] = await sides()
  await writeFile(join(folder, parts.replace('.parts', '.moving')), noise(9_000, 9))
  const storage = open()
  await storage.want(names.map(() => true))
  expect(await sides()).toEqual([])
  expect(await files()).toEqual(['a', 'b', 'c', 'd'])
  expect(await storage.read(kib, 4 * kib)).toEqual(data.slice(kib, 5 * kib))
  // nothing of what it was moving then is in the way
  await fetch(storage, [0, 5, 6, 7])
  expect(await storage.read(0, data.length)).toEqual(data)
  await storage.close()
})

test('a link in the place of the part file is not followed', async () => {
  const { torrent, folder, open, wanting, fetch } = await setUp()
  const outside = await freshFolder()
  const hash = torrent.id.slice('btih:'.length)
  await symlink(join(outside, 'victim'), join(folder, `.${hash}.parts`))
  const storage = open()
  await storage.want(wanting('b'))
  await expect(fetch(storage, [1])).rejects.toThrow(/is a symbolic link/)
  await storage.close()
  expect(await readdir(outside)).toEqual([])
})

test('whatever is wanted when, what was written is read back, and wanted files are whole', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3 * kib }), { minLength: 1, maxLength: 8 })
  const step = fc.oneof(
    fc.record({ want: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }) }),
    fc.record({ piece: fc.nat() }),
    fc.record({ reopen: fc.constant(true) })
  )
  const root = await freshFolder()
  let run = 0
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(step, { maxLength: 20 }), async (given, steps) => {
      const files = Object.fromEntries([1, ...given].map((length, i) => [`f${i}`, length]))
      const { torrent, data } = await noiseTorrent(files, kib)
      const folder = join(root, String(run++))
      let storage = fileStorage(torrent, folder)
      const written = new Set<number>()
      for (const step of steps) {
        if ('want' in step) await storage.want(step.want)
        if ('piece' in step) {
          const piece = step.piece % torrent.pieceCount
          const at = piece * kib
          await storage.write(at, data.subarray(at, at + torrent.pieceSize(piece)))
          written.add(piece)
        }
        if ('reopen' in step) {
          await storage.close()
          storage = fileStorage(torrent, folder)
        }
        for (const piece of written) {
          const size = torrent.pieceSize(piece)
          const read = await storage.read(piece * kib, size)
          expect(read).toEqual(data.slice(piece * kib, piece * kib + size))
        }
      }
      await storage.want(torrent.files.map(() => true))
      await storage.write(0, data)
      await storage.close()
      for (const { path, offset, length } of torrent.files) {
        const content = new Uint8Array(await readFile(join(folder, ...path)))
        expect(content).toEqual(data.slice(offset, offset + length))
      }
      expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
    }),
    { numRuns: 60 }
  )
})

test('a transfer makes the files it selects, and what it has lies in them when it selects more', async () => {
  const { torrent, data, open, contentOf, files, sides, onDisk } = await setUp()
  const [giver, taker] = [await createSwarmNode(), await createSwarmNode()]
  await giver.swarm.seed(torrent, await filled(torrent, data))
  const add = (...wanted: string[]) =>
    taker.swarm.add(torrent, {
      storage: open,
      peers: giver.addresses(),
      select: ({ path }) => wanted.includes(path.at(-1)!)
    })
  const first = await add('b')
  await first.done
  await first.stop()
  expect(await files()).toEqual(['b'])
  expect(await sides()).toHaveLength(1)
  const second = await add('b', 'c')
  expect(second.progress).toMatchObject({ state: 'seeding', pieces: 4 })
  expect(await onDisk('c')).toEqual(contentOf('c'))
  const fetched = new Promise((resolve) => {
    second.addEventListener('transfer:complete', resolve, { once: true })
  })
  second.select(() => true)
  await fetched
  await second.stop()
  expect(await sides()).toEqual([])
  for (const name of names) expect(await onDisk(name)).toEqual(contentOf(name))
})

describe('a full disk', () => {
  test('keeps what lies aside where it is, and it moves when there is room', async (context) => {
    const disk = smallDisk(context, 1)
    const files = { a: 100 * kib, b: 200 * kib, c: 100 * kib }
    const { torrent, data } = await noiseTorrent(files, 512 * kib)
    const storage = fileStorage(torrent, disk)
    await storage.want([false, true, false])
    await storage.write(0, data)
    const ballast = join(disk, 'ballast')
    await writeFile(ballast, noise(1024 * kib)).catch(() => {})
    await expect(storage.want([true, true, true])).rejects.toBeInstanceOf(DiskFullError)
    expect(await storage.read(0, data.length)).toEqual(data)
    await rm(ballast)
    await storage.want([true, true, true])
    expect(await storage.read(0, data.length)).toEqual(data)
    await storage.close()
    expect(await readdir(disk)).toEqual(['sample'])
  })

  test('is a DiskFullError for the part file too', async (context) => {
    const disk = smallDisk(context, 1)
    const { torrent, data } = await noiseTorrent({ a: 100 * kib, b: 200 * kib }, 512 * kib)
    const storage = fileStorage(torrent, disk)
    await storage.want([false, true])
    await writeFile(join(disk, 'ballast'), noise(1024 * kib)).catch(() => {})
    const error: unknown = await storage.write(0, data).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DiskFullError)
    expect((error as Error).message).toMatch(/the disk is full/)
    await storage.close()
  })
})
