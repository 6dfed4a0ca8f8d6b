import { EventEmitter } from 'node:events'
import { type FSWatcher, watch } from 'node:fs'
import { appendFile, realpath, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type FileChange, type FolderError, watchFolder, type WatchOptions } from '../src/folder.ts'
import { disk } from '../src/folder/disk.ts'
import { Notices } from '../src/folder/notices.ts'
import { SharedFolder } from '../src/folder/shared-folder.ts'
import { WatchedFolder } from '../src/folder/watched-folder.ts'
import { limits } from '../src/limits.ts'
import { folderWith, put, systemError } from './folders.ts'

/** Reads a watched folder's changes, a given number at a time. */
function watching(
  root: string,
  options: WatchOptions = {}
): { next: (count: number) => Promise<string[]>; changes: AsyncIterator<FileChange> } {
  const stop = new AbortController()
  onTestFinished(async () => {
    stop.abort()
    await changes.return().catch(() => {})
  })
  const changes = watchFolder(root, { settle: 20, signal: stop.signal, ...options })
  const next = async (count: number): Promise<string[]> => {
    const seen: string[] = []
    while (seen.length < count) {
      const { value, done } = await changes.next()
      if (done === true) throw new Error(`over after ${seen.join(', ')}`)
      seen.push(`${value.type} ${value.file.relative}`)
    }
    return seen.toSorted()
  }
  return { next, changes }
}

describe('a watched folder', () => {
  test('begins with the files that are there', async () => {
    const root = await folderWith({ a: '', 'b/c': '', '.hidden': '', 'x.part': '' })
    const { next } = watching(root, { exclude: ['*.part'] })
    expect(await next(2)).toEqual(['added a', 'added b/c'])
  })

  test('tells of files that come, change and go', async () => {
    const root = await folderWith({ a: '', b: '' })
    const { next, changes } = watching(root)
    await next(2)
    await put(root, 'c', 'new')
    expect(await next(1)).toEqual(['added c'])
    await appendFile(join(root, 'c'), 'er')
    expect((await changes.next()).value).toMatchObject({ type: 'changed', file: { size: 5 } })
    await rm(join(root, 'b'))
    expect(await next(1)).toEqual(['removed b'])
  })

  test('tells of a file whose time alone changes', async () => {
    const root = await folderWith({ a: '' })
    const { changes } = watching(root)
    await changes.next()
    await utimes(join(root, 'a'), 1, 1)
    expect((await changes.next()).value).toMatchObject({
      type: 'changed',
      file: { modified: 1_000 }
    })
  })

  test('tells of a renamed file as one gone and one come', async () => {
    const root = await folderWith({ a: '' })
    const { next } = watching(root)
    await next(1)
    await rename(join(root, 'a'), join(root, 'b'))
    expect(await next(2)).toEqual(['added b', 'removed a'])
  })

  test('watches folders that come later, however deep', async () => {
    const root = await folderWith({})
    const { next } = watching(root)
    const first = next(1)
    await put(root, 'a/b/c/d', '')
    expect(await first).toEqual(['added a/b/c/d'])
    await put(root, 'a/b/c/e', '')
    await put(root, 'a/f/g', '')
    expect(await next(2)).toEqual(['added a/b/c/e', 'added a/f/g'])
  })

  test('tells of every file of a folder that is moved or removed', async () => {
    const root = await folderWith({ 'a/1': '', 'a/b/2': '' })
    const { next } = watching(root)
    await next(2)
    await rename(join(root, 'a'), join(root, 'z'))
    expect(await next(4)).toEqual(['added z/1', 'added z/b/2', 'removed a/1', 'removed a/b/2'])
    await rm(join(root, 'z'), { recursive: true })
    expect(await next(2)).toEqual(['removed z/1', 'removed z/b/2'])
  })

  test('goes on watching a folder that is replaced by another of its name', async () => {
    const root = await folderWith({ 'a/old': '' })
    const elsewhere = await folderWith({ 'a/new': '' })
    const { next } = watching(root)
    await next(1)
    await rm(join(root, 'a'), { recursive: true })
    await rename(join(elsewhere, 'a'), join(root, 'a'))
    expect(await next(2)).toEqual(['added a/new', 'removed a/old'])
    await put(root, 'a/later', '')
    expect(await next(1)).toEqual(['added a/later'])
  })

  test('says nothing of what is hidden or excluded', async () => {
    const root = await folderWith({})
    const { next } = watching(root, { exclude: ['*.part', 'out/'] })
    const first = next(1)
    for (const name of ['.hidden', '.git/x', 'a.part', 'out/y', 'seen']) await put(root, name, '')
    expect(await first).toEqual(['added seen'])
  })

  test('takes up an ignore file that changes', async () => {
    const root = await folderWith({ 'a.log': '', 'b/c.log': '', 'b/d': '' })
    const { next } = watching(root)
    await next(3)
    await put(root, '.peerageignore', '*.log')
    expect(await next(2)).toEqual(['removed a.log', 'removed b/c.log'])
    await put(root, '.peerageignore', 'b')
    expect(await next(2)).toEqual(['added a.log', 'removed b/d'])
    await rm(join(root, '.peerageignore'))
    expect(await next(2)).toEqual(['added b/c.log', 'added b/d'])
  })

  test('tells once of a file that is written in many pieces', async () => {
    const root = await folderWith({ a: '' })
    const { changes } = watching(root)
    await changes.next()
    for (let piece = 0; piece < 50; piece++) await appendFile(join(root, 'a'), 'x')
    let size = 0
    while (size < 50) {
      const { value } = (await changes.next()) as IteratorYieldResult<FileChange>
      expect(value).toMatchObject({ type: 'changed', file: { relative: 'a' } })
      expect(value.file.size).toBeGreaterThan(size)
      size = value.file.size
    }
    expect(size).toBe(50)
  })
})

describe('the end of watching', () => {
  test('comes with the reason of the signal', async () => {
    const root = await folderWith({})
    const stop = new AbortController()
    const waiting = watchFolder(root, { signal: stop.signal }).next()
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('closes every watcher when the loop is left', async () => {
    const root = await folderWith({ a: '', 'b/c': '' })
    for await (const { file } of watchFolder(root)) {
      if (file.relative === 'b/c') break
    }
    expect(await watchers()).toBe(0)
  })

  test('closes every watcher when the signal aborts, though nobody asks for more', async () => {
    const root = await folderWith({ a: '', 'b/c': '', d: '' })
    const stop = new AbortController()
    const { next } = watching(root, { signal: stop.signal })
    await next(3)
    expect(await watchers()).toBe(2)
    stop.abort()
    expect(await watchers()).toBe(0)
  })

  test('comes with an error when the folder goes away', async () => {
    const root = await folderWith({ a: '' })
    const { changes } = watching(root)
    await changes.next()
    await rm(root, { recursive: true })
    const last = (async () => {
      for (;;) await changes.next()
    })()
    await expect(last).rejects.toMatchObject({ name: 'FolderError', trouble: 'missing' })
  })

  test('comes at once for a folder that is missing', async () => {
    const root = await folderWith({})
    const { changes } = watching(join(root, 'gone'))
    await expect(changes.next()).rejects.toMatchObject({ name: 'FolderError', trouble: 'missing' })
  })
})

describe('watchers', () => {
  test('that cannot be had are reported, and the files are there all the same', async () => {
    const root = await folderWith({ 'a/1': '', 'b/2': '' })
    const { seen, problems } = await lookWith(root, (path) => {
      if (path.endsWith('a')) throw systemError('ENOSPC')
      return watch(path)
    })
    expect(seen).toEqual(['a/1', 'b/2'])
    expect(problems).toMatchObject([{ trouble: 'not watched' }])
    expect(problems[0]?.message).toMatch(/later changes in it go unnoticed/)
  })

  test('that fail are reported and closed', async () => {
    const root = await folderWith({ a: '' })
    const opened: FSWatcher[] = []
    const { problems } = await lookWith(root, (path) => {
      const watcher = watch(path)
      opened.push(watcher)
      return watcher
    })
    opened[0]?.emit('error', systemError('EPERM'))
    expect(problems).toMatchObject([{ trouble: 'not watched' }])
  })

  test('are no more than there may be', async () => {
    const root = await folderWith({})
    const crowd = Array.from({ length: limits.maxWatchedFolders }, (_, nth) => `${nth}`)
    const top = await realpath(root)
    const problems: FolderError[] = []
    const folder = await SharedFolder.open(
      root,
      { onProblem: (problem) => problems.push(problem) },
      {
        readdir: async (path) => (path === top ? crowd : []),
        lstat: () => disk.lstat(top),
        watch: () => new EventEmitter() as FSWatcher
      }
    )
    const watched = new WatchedFolder(folder, new Notices(0))
    for await (const change of watched.look(watched.everywhere())) expect.unreachable(change.type)
    // the top is one of them
    expect(problems).toHaveLength(1)
    expect(problems[0]?.trouble).toBe('not watched')
  })

  test('of a folder that has just gone are no problem', async () => {
    const root = await folderWith({ 'a/1': '' })
    const { problems } = await lookWith(root, () => {
      throw systemError('ENOENT')
    })
    expect(problems).toEqual([])
  })
})

describe('notices', () => {
  test('past a few names of one folder become one for anything in it', async () => {
    const notices = new Notices(0)
    for (let nth = 0; nth < 64; nth++) notices.note('a', `${nth}`)
    notices.note('a', '0')
    notices.note('', 'x')
    notices.note('b')
    notices.note('b', 'x')
    const taken = await notices.take()
    expect(taken.map(([folder]) => folder)).toEqual(['', 'a', 'b'])
    expect(taken.map(([, changed]) => changed)).toMatchObject([
      new Set('x'),
      { size: 64 },
      'anything'
    ])
    for (let nth = 0; nth < 65; nth++) notices.note('a', `${nth}`)
    expect(await notices.take()).toEqual([['a', 'anything']])
  })
})

/** Watchers that are open; a closed one is gone at the end of the event loop's round. */
async function watchers(): Promise<number> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve))
  return process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length
}

async function lookWith(
  root: string,
  watchWith: (path: string) => FSWatcher
): Promise<{ seen: string[]; problems: FolderError[] }> {
  const problems: FolderError[] = []
  const options = { onProblem: (problem: FolderError) => problems.push(problem) }
  const folder = await SharedFolder.open(root, options, { ...disk, watch: watchWith })
  const watched = new WatchedFolder(folder, new Notices(0))
  onTestFinished(() => watched.close())
  const seen: string[] = []
  for await (const { file } of watched.look(watched.everywhere())) seen.push(file.relative)
  return { seen, problems }
}
