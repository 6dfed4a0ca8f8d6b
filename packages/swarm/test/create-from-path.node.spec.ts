import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTorrent } from '../src/create/create.ts'
import { createTorrentFromPath, fileStorage } from '../src/files.ts'
import { freshFolder } from './support/folder.ts'
import { noise } from '@peerage/testbed'
import { kib, pieceChecker, piecesOf } from './support/torrents.ts'

async function photos() {
  const folder = join(await freshFolder(), 'photos')
  await mkdir(join(folder, 'b', 'deep'), { recursive: true })
  await mkdir(join(folder, '.cache'))
  await writeFile(join(folder, 'b', 'deep', 'x.bin'), noise(40 * kib))
  await writeFile(join(folder, 'b', 'y'), '')
  await writeFile(join(folder, 'C'), noise(10))
  await writeFile(join(folder, 'é'), noise(3))
  await writeFile(join(folder, '.hidden'), 'x')
  await writeFile(join(folder, '.cache', 'x'), 'x')
  return folder
}

const paths = ({ torrent }: Awaited<ReturnType<typeof createTorrentFromPath>>) =>
  torrent.files.map(({ path }) => path.join('/'))

test('a folder becomes a torrent of its files, by the order of their bytes', async () => {
  const created = await createTorrentFromPath(await photos())
  expect(created.torrent.name).toBe('photos')
  expect(paths(created)).toEqual(['photos/C', 'photos/b/deep/x.bin', 'photos/b/y', 'photos/é'])
})

test('hidden files go in when asked for', async () => {
  const created = await createTorrentFromPath(await photos(), { hidden: true })
  expect(paths(created)).toEqual(expect.arrayContaining(['photos/.cache/x', 'photos/.hidden']))
})

test('the same folder gives the same torrent, and it seeds from where it lies', async () => {
  const { torrent, folder, bytes } = await createTorrentFromPath(await photos())
  expect((await createTorrentFromPath(await photos())).bytes).toEqual(bytes)
  const storage = fileStorage(torrent, folder)
  const have = piecesOf(await storage.remembered(pieceChecker(torrent, storage).check))
  expect(have).toHaveLength(torrent.pieceCount)
  await storage.close()
})

test.each([1, 2, 'hybrid'] as const)(
  'a folder of version %s is checked where it lies, whatever is in it',
  async (version) => {
    const one = join(await freshFolder(), 'one')
    await mkdir(one)
    await writeFile(join(one, 'x.bin'), noise(100 * kib))
    for (const path of [await photos(), one, join(one, 'x.bin')]) {
      const { torrent, folder } = await createTorrentFromPath(path, { version })
      const storage = fileStorage(torrent, folder)
      const { check } = pieceChecker(torrent, storage)
      expect(piecesOf(await storage.remembered(check))).toHaveLength(torrent.pieceCount)
      await storage.close()
    }
  }
)

test('a file becomes a torrent of one file, as if made from its bytes', async () => {
  const path = join(await photos(), 'b', 'deep', 'x.bin')
  const data = noise(40 * kib)
  const { torrent } = await createTorrent({
    name: basename(path),
    files: [{ path: [], length: data.length }],
    read: async (_, at, length) => data.subarray(at, at + length)
  })
  expect((await createTorrentFromPath(path)).torrent.id).toBe(torrent.id)
  expect((await createTorrentFromPath(path, { name: 'y' })).torrent.name).toBe('y')
})

test('symbolic links and pipes stay out', async () => {
  const folder = await photos()
  await symlink('/etc', join(folder, 'etc'))
  await symlink(join(folder, 'C'), join(folder, 'link'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  expect(paths(await createTorrentFromPath(folder))).toHaveLength(4)
})

describe('what does not work is said', () => {
  test('nothing there', async () => {
    const path = join(await freshFolder(), 'none')
    await expect(createTorrentFromPath(path)).rejects.toMatchObject({
      name: 'StorageError',
      message: `cannot read "${path}": it is not there; was it moved or deleted?`
    })
  })

  test('an empty folder', async () => {
    await expect(createTorrentFromPath(await freshFolder())).rejects.toMatchObject({
      fault: 'empty'
    })
  })

  test('a name that other systems cannot have', async () => {
    const folder = await photos()
    await writeFile(join(folder, 'aux.txt'), 'x')
    await expect(createTorrentFromPath(folder)).rejects.toMatchObject({ fault: 'path-reserved' })
  })

  test('two names that are one on other systems', async () => {
    const folder = await photos()
    await writeFile(join(folder, 'e\u0301'), 'x')
    await expect(createTorrentFromPath(folder)).rejects.toMatchObject({ fault: 'path-twin' })
  })

  test('a signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(createTorrentFromPath(await photos(), { signal })).rejects.toThrow('enough')
  })
})
