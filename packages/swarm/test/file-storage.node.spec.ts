import { execFileSync } from 'node:child_process'
import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DiskFullError, StorageError } from '../src/errors.ts'
import { fileStorage } from '../src/storage/file-storage.ts'
import { explain } from '../src/storage/explain.ts'
import { freshFolder } from './support/folder.ts'
import { smallDisk } from './support/small-disk.ts'
import { noise } from '@peerage/testbed'
import { resumeChecks, storageChecks } from '../src/storage-compliance.ts'
import { accepted, kib, noiseTorrent } from './support/torrents.ts'
import { readTorrent } from '../src/codec/metainfo.ts'
import { encodeBencode } from '../src/codec/bencode-encode.ts'

const files = { 'a.txt': 1500, empty: 0, 'b/c/d.bin': 3500, 'b/e': 1, 'z/none': 0 }

describe('it keeps a storage’s word', () => {
  test.each([...storageChecks, ...resumeChecks])('$name', async ({ run }) => {
    const folder = await freshFolder()
    await run((torrent, place) =>
      fileStorage(torrent, join(folder, place), { journal: join(folder, 'journals'), openFiles: 2 })
    )
  })
})

test('what is written in any cuts is in the files, and reads back in any cuts', async () => {
  const { torrent, data } = await noiseTorrent(files, kib)
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: torrent.length - 1 }), { maxLength: 8 })
  const root = await freshFolder()
  let run = 0
  await fc.assert(
    fc.asyncProperty(cuts, cuts, async (writes, reads) => {
      const folder = join(root, String(run++))
      const storage = fileStorage(torrent, folder, { openFiles: 2 })
      await Promise.all(
        ranges(writes, torrent.length).map(([from, to]) =>
          storage.write(from, data.subarray(from, to))
        )
      )
      for (const [from, to] of ranges(reads, torrent.length)) {
        expect(await storage.read(from, to - from)).toEqual(data.slice(from, to))
      }
      await storage.sync()
      await storage.close()
      for (const { path, offset, length } of torrent.files) {
        const content = new Uint8Array(await readFile(join(folder, ...path)))
        expect(content).toEqual(data.slice(offset, offset + length))
      }
    }),
    { numRuns: 30 }
  )
})

test('nothing is made before the first write', async () => {
  const { torrent } = await noiseTorrent(files, kib)
  const folder = await freshFolder()
  const storage = fileStorage(torrent, folder)
  await expect(storage.read(0, 1)).rejects.toMatchObject({ name: 'StorageError' })
  await storage.sync()
  await storage.close()
  expect(await readdir(folder)).toEqual([])
})

test('a far piece makes a sparse file', async () => {
  const { torrent } = await noiseTorrent({ a: 16 * kib })
  const bytes = encodeBencode({
    info: {
      name: 'large',
      length: 64 * kib * kib,
      'piece length': kib * kib,
      pieces: new Uint8Array(1280)
    }
  })
  const large = accepted(readTorrent(bytes))
  const folder = await freshFolder()
  const storage = fileStorage(large, folder)
  await storage.write(large.length - torrent.length, noise(torrent.length))
  await storage.close()
  const { size, blocks } = await stat(join(folder, 'large'))
  expect(size).toBe(large.length)
  expect(blocks * 512).toBeLessThan(kib * kib)
})

test('padding reads as zeros and is never written', async () => {
  const pieces = new Uint8Array(40)
  const padded = [
    { length: 1000, path: ['a'] },
    { length: 24, path: ['.pad', '24'], attr: 'p' },
    { length: 1000, path: ['b'] }
  ]
  const bytes = encodeBencode({
    info: { name: 'padded', files: padded, 'piece length': kib, pieces }
  })
  const torrent = accepted(readTorrent(bytes))
  const folder = await freshFolder()
  const storage = fileStorage(torrent, folder)
  await storage.write(0, noise(2024))
  const back = await storage.read(0, 2024)
  expect(back.subarray(1000, 1024)).toEqual(new Uint8Array(24))
  expect(back.subarray(1024)).toEqual(noise(2024).slice(1024))
  await storage.close()
  expect((await readdir(join(folder, 'padded'))).toSorted()).toEqual(['a', 'b'])
})

describe('what lies on the disk leads nowhere else', () => {
  async function setUp() {
    const { torrent, data } = await noiseTorrent({ 'in/a': 100 }, kib)
    const folder = await freshFolder()
    const outside = await freshFolder()
    await mkdir(join(folder, 'sample'))
    return { torrent, data, folder, outside, storage: fileStorage(torrent, folder) }
  }

  async function refused(storage: Awaited<ReturnType<typeof setUp>>['storage'], words: RegExp) {
    for (const attempt of [() => storage.write(0, noise(100)), () => storage.read(0, 100)]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(StorageError)
      expect((error as Error).message).toMatch(words)
    }
    await storage.close()
  }

  test('a symbolic link in the place of a file is refused', async () => {
    const { folder, outside, storage } = await setUp()
    await writeFile(join(outside, 'victim'), 'precious')
    await mkdir(join(folder, 'sample', 'in'))
    await symlink(join(outside, 'victim'), join(folder, 'sample', 'in', 'a'))
    await refused(storage, /is a symbolic link, and those are not followed/)
    expect(await readFile(join(outside, 'victim'), 'utf8')).toBe('precious')
  })

  test('a link to a file that does not exist yet is refused too', async () => {
    const { folder, outside, storage } = await setUp()
    await mkdir(join(folder, 'sample', 'in'))
    await symlink(join(outside, 'new'), join(folder, 'sample', 'in', 'a'))
    await refused(storage, /is a symbolic link/)
    expect(await readdir(outside)).toEqual([])
  })

  test('a symbolic link in the place of a folder is refused when it leads out', async () => {
    const { folder, outside, storage } = await setUp()
    await symlink(outside, join(folder, 'sample', 'in'))
    await writeFile(join(outside, 'a'), noise(100))
    await refused(storage, /leads out of/)
  })

  test('a folder whose name merely begins alike is outside', async () => {
    const { folder, storage } = await setUp()
    await mkdir(`${folder}-other`)
    await symlink(`${folder}-other`, join(folder, 'sample', 'in'))
    await refused(storage, /leads out of/)
    await rm(`${folder}-other`, { recursive: true })
  })

  test('a link from one place inside to another is followed', async () => {
    const { folder, data, storage } = await setUp()
    await mkdir(join(folder, 'elsewhere'))
    await symlink(join(folder, 'elsewhere'), join(folder, 'sample', 'in'))
    await storage.write(0, data)
    await storage.close()
    expect(new Uint8Array(await readFile(join(folder, 'elsewhere', 'a')))).toEqual(data)
  })

  test('the folder one downloads to may itself be a link', async () => {
    const { torrent, data, folder, outside } = await setUp()
    await symlink(outside, join(folder, 'downloads'))
    const storage = fileStorage(torrent, join(folder, 'downloads'))
    await storage.write(0, data)
    await storage.close()
    expect(new Uint8Array(await readFile(join(outside, 'sample', 'in', 'a')))).toEqual(data)
  })

  test('a pipe is refused and not waited for', async () => {
    const { folder, storage } = await setUp()
    await mkdir(join(folder, 'sample', 'in'))
    execFileSync('mkfifo', [join(folder, 'sample', 'in', 'a')])
    await refused(storage, /is not a plain file/)
  })
})

describe('what is in the way is said in plain words', () => {
  async function setUp() {
    const { torrent } = await noiseTorrent({ 'in/a': 100 }, kib)
    const folder = await freshFolder()
    return { folder, storage: fileStorage(torrent, folder) }
  }

  test('a folder in the place of the file', async () => {
    const { folder, storage } = await setUp()
    await mkdir(join(folder, 'sample', 'in', 'a'), { recursive: true })
    await expect(storage.write(0, noise(100))).rejects.toThrow(/is a folder; move it away/)
  })

  test('a file in the place of a folder', async () => {
    const { folder, storage } = await setUp()
    await writeFile(join(folder, 'sample'), '')
    await expect(storage.write(0, noise(100))).rejects.toThrow(
      /a file is in the place of its folder/
    )
  })

  test('a file that is longer is another, and stays as it is', async () => {
    const { folder, storage } = await setUp()
    await mkdir(join(folder, 'sample', 'in'), { recursive: true })
    await writeFile(join(folder, 'sample', 'in', 'a'), noise(101))
    await expect(storage.write(0, noise(100, 5))).rejects.toThrow(/is longer than the torrent's/)
    expect(new Uint8Array(await readFile(join(folder, 'sample', 'in', 'a')))).toEqual(noise(101))
  })

  test('a file that ends too early', async () => {
    const { folder, storage } = await setUp()
    await mkdir(join(folder, 'sample', 'in'), { recursive: true })
    await writeFile(join(folder, 'sample', 'in', 'a'), noise(50))
    await expect(storage.read(0, 100)).rejects.toThrow(/it ends before/)
  })

  test('after closing', async () => {
    const { storage } = await setUp()
    await storage.close()
    await storage.close()
    await expect(storage.write(0, noise(1))).rejects.toThrow('the storage is closed')
  })

  test.each([
    ['EACCES', 'StorageError', /check the rights/],
    ['EROFS', 'StorageError', /read-only/],
    ['EIO', 'StorageError', /the disk failed/],
    ['EFBIG', 'StorageError', /do not fit/],
    ['ENOSPC', 'DiskFullError', /the disk is full; free some space/],
    ['EDQUOT', 'DiskFullError', /your share of the disk is full/],
    ['EWHAT', 'StorageError', /some words/]
  ])('%s', (code, name, words) => {
    const cause = Object.assign(new Error('some words'), { code })
    const error = explain(cause, 'write', '/data/a')
    expect(error).toMatchObject({ name, cause })
    expect(error.message).toMatch(/^cannot write "\/data\/a": /)
    expect(error.message).toMatch(words)
  })
})

test('a signal stops a read and a write', async () => {
  const { torrent, data } = await noiseTorrent({ a: 100 }, kib)
  const storage = fileStorage(torrent, await freshFolder())
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(storage.write(0, data, { signal })).rejects.toThrow('enough')
  await expect(storage.read(0, 1, { signal })).rejects.toThrow('enough')
  await storage.close()
})

test('a range outside the torrent is the caller’s fault', async () => {
  const { torrent } = await noiseTorrent({ a: 100 }, kib)
  const storage = fileStorage(torrent, await freshFolder())
  await expect(storage.read(50, 51)).rejects.toThrow(RangeError)
  await expect(storage.write(-1, noise(2))).rejects.toThrow(RangeError)
})

test('a full disk is a DiskFullError; what was there stays, and space lets it go on', async (context) => {
  const disk = smallDisk(context, 1)
  const { torrent, data } = await noiseTorrent({ a: 2 * kib * kib }, 64 * kib)
  const storage = fileStorage(torrent, join(disk, 'downloads'), { journal: join(disk, 'journal') })
  const check = async () => false
  expect((await storage.remembered(check)).some((byte) => byte !== 0)).toBe(false)
  // most of the disk is taken by somebody else
  await writeFile(join(disk, 'ballast'), noise(512 * kib))
  const written: number[] = []
  const fill = async () => {
    for (let piece = written.length; piece < 12; piece++) {
      const at = piece * torrent.pieceLength
      await storage.write(at, data.subarray(at, at + torrent.pieceLength))
      await storage.remember(piece)
      written.push(piece)
    }
  }
  const error: unknown = await fill().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DiskFullError)
  expect((error as Error).message).toMatch(/the disk is full; free some space/)
  expect(written.length).toBeGreaterThan(0)
  expect(await storage.read(0, 64 * kib)).toEqual(data.slice(0, 64 * kib))
  await rm(join(disk, 'ballast'))
  await fill()
  await storage.close()
  const again = fileStorage(torrent, join(disk, 'downloads'), { journal: join(disk, 'journal') })
  const have = await again.remembered(async () => true)
  expect(have.slice(0, 2)).toEqual(Uint8Array.of(0xff, 0xf0))
  await again.close()
})

test('a full disk does not keep one from seeding', async (context) => {
  const disk = smallDisk(context, 1)
  const { torrent, data } = await noiseTorrent({ a: 64 * kib }, 16 * kib)
  await mkdir(join(disk, 'sample'))
  await writeFile(join(disk, 'sample', 'a'), data)
  await writeFile(join(disk, 'ballast'), noise(2 * kib * kib)).catch(() => {})
  const storage = fileStorage(torrent, disk, { journal: join(disk, 'journal') })
  expect([...(await storage.remembered(async () => true))]).toEqual([0xf0])
  expect(await storage.read(0, 10)).toEqual(data.slice(0, 10))
  await storage.close().catch(() => {})
})

function ranges(cuts: readonly number[], end: number): [number, number][] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), end]
  return edges.slice(1).map((edge, index) => [edges[index]!, edge])
}
