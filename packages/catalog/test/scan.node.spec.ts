import { execFile } from 'node:child_process'
import { mkdir, realpath, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { FolderError, type FolderOptions, type FoundFile, scanFolder } from '../src/folder.ts'
import { disk } from '../src/folder/disk.ts'
import { scan } from '../src/folder/scan.ts'
import { SharedFolder } from '../src/folder/shared-folder.ts'
import { limits } from '../src/limits.ts'
import { folderWith, systemError } from './folders.ts'

async function names(root: string, options?: FolderOptions): Promise<string[]> {
  return (await files(root, options)).map(({ relative }) => relative)
}

async function files(root: string, options?: FolderOptions): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  for await (const file of scanFolder(root, options)) found.push(file)
  return found
}

describe('a scan', () => {
  test('gives every file with its path, size and time', async () => {
    const root = await folderWith({ 'a b/c.txt': 'four' })
    const path = join(await realpath(root), 'a b', 'c.txt')
    const { mtimeMs } = await stat(path)
    const expected: FoundFile = { path, relative: 'a b/c.txt', size: 4, modified: mtimeMs }
    expect(await files(root)).toEqual([expected])
  })

  test('goes by name, a folder before its sub-folders', async () => {
    const root = await folderWith({ 'b/2': '', 'b/1': '', 'b/a/3': '', 'a/0': '', z: '', y: '' })
    expect(await names(root)).toEqual(['y', 'z', 'a/0', 'b/1', 'b/2', 'b/a/3'])
  })

  test('reads a folder with more files than it asks about at once', async () => {
    const all = Array.from({ length: limits.statsAtOnce * 2 + 1 }, (_, nth) => `${1000 + nth}`)
    const root = await folderWith(Object.fromEntries(all.map((name) => [name, ''])))
    expect(await names(root)).toEqual(all)
  })

  test('leaves hidden files and folders out unless they are wanted', async () => {
    const root = await folderWith({ '.secret': '', '.git/config': '', 'a/.b/c': '', 'a/d': '' })
    expect(await names(root)).toEqual(['a/d'])
    expect(await names(root, { hidden: true })).toEqual(['.secret', '.git/config', 'a/d', 'a/.b/c'])
  })

  test('leaves out what the exclude rules say, as git does', async () => {
    const root = await folderWith({
      'a.part': '',
      'keep.part': '',
      'drafts/x': '',
      'a/drafts': '',
      'a/b/top': '',
      top: '',
      'PRIVATE/x': ''
    })
    const exclude = ['*.part', '!keep.part', 'drafts/', '/top', 'private']
    expect(await names(root, { exclude })).toEqual(['keep.part', 'a/drafts', 'a/b/top'])
  })

  test('honours an ignore file at the top, and never shares it', async () => {
    const root = await folderWith({ '.peerageignore': '*.log\n# a word\n', 'a.log': '', 'b/c': '' })
    expect(await names(root, { hidden: true })).toEqual(['b/c'])
    expect(await names(root, { exclude: ['!a.log'] })).toEqual(['a.log', 'b/c'])
  })

  test('follows no symbolic link, into the folder or out of it', async () => {
    const outside = await folderWith({ secret: '' })
    const root = await folderWith({ 'in/file': '' })
    await symlink(outside, join(root, 'away'))
    await symlink(join(outside, 'secret'), join(root, 'away-file'))
    await symlink(join(root, 'in'), join(root, 'round'))
    await symlink(root, join(root, 'in', 'loop'))
    expect(await names(root)).toEqual(['in/file'])
  })

  test('leaves out what is no plain file', async () => {
    const root = await folderWith({ file: '' })
    await promisify(execFile)('mkfifo', [join(root, 'pipe')])
    expect(await names(root)).toEqual(['file'])
  })

  test('starts from a symbolic link when that is the folder it is given', async () => {
    const root = await folderWith({ file: '' })
    const links = await folderWith({})
    await symlink(root, join(links, 'link'))
    const [file] = await files(join(links, 'link'))
    expect(file?.path).toBe(join(await realpath(root), 'file'))
  })

  test('manages names that mean something elsewhere', async () => {
    const odd = ['#hash', '!bang', 'a\\b', '..c', 'line\nbreak', 'sp ace ', '[x]', 'é']
    const root = await folderWith(Object.fromEntries(odd.map((name) => [name, ''])))
    expect(await names(root, { hidden: true })).toEqual(odd.toSorted())
  })

  test('ends with the reason of its signal', async () => {
    const root = await folderWith({ a: '', b: '' })
    const stop = new AbortController()
    const scanning = scanFolder(root, { signal: stop.signal })
    await scanning.next()
    stop.abort(new Error('enough'))
    await expect(scanning.next()).rejects.toThrow('enough')
    await expect(scanFolder(root, { signal: stop.signal }).next()).rejects.toThrow('enough')
  })
})

describe('trouble', () => {
  test('a missing folder is an error that says so', async () => {
    const path = join(await folderWith({}), 'gone')
    const error = await failure(path)
    expect(error).toMatchObject({ name: 'FolderError', path, trouble: 'missing' })
    expect(error.message).toMatch(/^there is no folder .*gone; check its spelling/)
  })

  test('a file in place of a folder is an error that says so', async () => {
    const root = await realpath(await folderWith({ file: '' }))
    const error = await failure(join(root, 'file'))
    expect(error).toMatchObject({ path: join(root, 'file'), trouble: 'not a folder' })
    expect((await failure(join(root, 'file', 'below'))).trouble).toBe('not a folder')
  })

  test('an unreadable top folder is an error', async () => {
    const root = await realpath(await folderWith({ a: '' }))
    const scanned = await scanWith(root, root, 'EACCES')
    expect(scanned.error).toMatchObject({ path: root, trouble: 'unreadable' })
    expect(scanned.error?.message).toBe(`${root} cannot be read; check its permissions (EACCES)`)
  })

  test('an unreadable sub-folder is reported, and the rest is read', async () => {
    const root = await realpath(await folderWith({ 'a/1': '', 'b/2': '', 'c/3': '' }))
    const path = join(root, 'b')
    const { found, problems, error } = await scanWith(root, path, 'EACCES')
    expect({ found, error }).toEqual({ found: ['a/1', 'c/3'], error: undefined })
    expect(problems).toMatchObject([{ name: 'FolderError', path, trouble: 'unreadable' }])
  })

  test('an unreadable file is reported, and the rest is read', async () => {
    const root = await realpath(await folderWith({ a: '', b: '' }))
    const { found, problems } = await scanWith(root, join(root, 'a'), 'EIO')
    expect(found).toEqual(['b'])
    expect(problems).toMatchObject([{ path: join(root, 'a'), trouble: 'unreadable' }])
  })

  test('what vanishes while it is read is no problem', async () => {
    const root = await realpath(await folderWith({ a: '', 'b/c': '', d: '' }))
    expect(await scanWith(root, join(root, 'a'), 'ENOENT')).toMatchObject({
      found: ['d', 'b/c'],
      problems: []
    })
    expect(await scanWith(root, join(root, 'b'), 'ENOENT')).toMatchObject({
      found: ['a', 'd'],
      problems: []
    })
  })

  test('a name that is no text is reported', async () => {
    const root = await realpath(await folderWith({ '\uFFFD': '' }))
    const { problems } = await scanWith(root, join(root, '\uFFFD'), 'ENOENT')
    expect(problems).toMatchObject([{ trouble: 'unusable name' }])
  })

  test('an ignore file that cannot be read stops the scan, since it may hold secrets back', async () => {
    const root = await folderWith({ a: '' })
    await mkdir(join(root, '.peerageignore'))
    expect(await failure(root)).toMatchObject({ trouble: 'unreadable' })
  })
})

async function failure(path: string): Promise<FolderError> {
  const error: unknown = await names(path).catch((reason: unknown) => reason)
  if (error instanceof FolderError) return error
  throw new Error(`no FolderError but ${String(error)}`)
}

/** Scans with one path failing, as readdir or lstat would have it. */
async function scanWith(
  root: string,
  bad: string,
  code: string
): Promise<{ found: string[]; problems: FolderError[]; error?: FolderError }> {
  const found: string[] = []
  const problems: FolderError[] = []
  const options = { onProblem: (problem: FolderError) => problems.push(problem) }
  const folder = await SharedFolder.open(root, options, {
    ...disk,
    readdir: async (path) =>
      path === bad ? Promise.reject(systemError(code)) : disk.readdir(path),
    lstat: async (path) => {
      const entry = await disk.lstat(path)
      if (path === bad && !entry.isDirectory()) throw systemError(code)
      return entry
    }
  })
  try {
    for await (const { relative } of scan(folder)) found.push(relative)
    return { found, problems }
  } catch (error) {
    return { found, problems, error: error as FolderError }
  }
}
