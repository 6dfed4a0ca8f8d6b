import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, realpath, rename, type FileHandle } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { StorageError } from '../errors.ts'
import { explain } from './explain.ts'

// Windows lacks two of them (undefined counts as 0); there the look before the opening has to do
const { O_NOFOLLOW, O_NONBLOCK, O_CREAT, O_RDONLY, O_RDWR } = constants

/** An open file, and the folders that had to be made for it. */
export interface Opened {
  readonly handle: FileHandle
  /** folders with a new entry, which must be synced too */
  readonly touched: readonly string[]
}

/**
 * Opens a file below a folder without ever leaving it: the paths are checked when a torrent is
 * read, but what lies on the disk is not ours. A symbolic link in the place of a file is refused,
 * one in the place of a folder only if it leads out, and so is all that is not a plain file:
 * opening a pipe could wait for ever.
 *
 * @param create makes the file and its folders where they are missing, and opens for writing
 */
export async function openBelow(
  root: string,
  path: readonly string[],
  create: boolean
): Promise<Opened> {
  const target = join(root, ...path)
  try {
    const { file, touched } = await walk(root, path, create)
    const there = await look(file)
    if (there === undefined) touched.push(dirname(file))
    else assertPlain(there, target)
    const flags = (create ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK
    return { handle: await openPlain(file, flags, target), touched }
  } catch (error) {
    throw explain(error, create ? 'write' : 'read', target)
  }
}

/**
 * Gives a file below a folder the place of one that is not there, with the same care.
 *
 * @returns folders with a new entry, which must be synced
 */
export async function moveBelow(
  root: string,
  from: readonly string[],
  to: readonly string[]
): Promise<readonly string[]> {
  const target = join(root, ...to)
  try {
    const { file, touched } = await walk(root, to, true)
    const there = await look(file)
    // a rename would silently replace it
    if (there !== undefined) throw Object.assign(new Error('it is there'), { code: 'EEXIST' })
    await rename(join(root, ...from), file)
    return [...touched, dirname(file)]
  } catch (error) {
    throw explain(error, 'create', target)
  }
}

/** Goes through a path's folders, and makes them where they are missing. */
async function walk(root: string, path: readonly string[], create: boolean) {
  assertNative(path)
  const touched: string[] = []
  if (create) await mkdir(root, { recursive: true })
  const home = await realpath(root)
  let folder = home
  for (const part of path.slice(0, -1)) {
    if (await enter(home, join(folder, part), create)) touched.push(folder)
    folder = join(folder, part)
  }
  return { file: join(folder, path.at(-1)!), touched }
}

/** Makes sure that there is a folder and that it lies inside. True when it was made. */
async function enter(home: string, folder: string, create: boolean): Promise<boolean> {
  const there = await look(folder)
  if (there?.isSymbolicLink() === true) {
    const end = await realpath(folder)
    if (end.startsWith(home.endsWith(sep) ? home : home + sep)) return false
    throw new StorageError(`"${folder}" is a symbolic link that leads out of "${home}"; remove it`)
  }
  if (there !== undefined || !create) return false
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // another file of the torrent made it in the meantime
    if (error.code !== 'EEXIST') throw error
  })
  return true
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Looks again once it is open: what is there may have been exchanged in between. */
async function openPlain(file: string, flags: number, target: string): Promise<FileHandle> {
  const handle = await open(file, flags)
  try {
    assertPlain(await handle.stat(), target)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

function assertPlain(stats: Stats, target: string): void {
  if (stats.isFile()) return
  const what = stats.isSymbolicLink()
    ? 'a symbolic link, and those are not followed'
    : stats.isDirectory()
      ? 'a folder'
      : 'not a plain file'
  throw new StorageError(`"${target}" is ${what}; move it away or choose another folder`)
}

/** Names that are fine elsewhere and mean something else on Windows: `a:b` is a hidden stream. */
function assertNative(path: readonly string[]): void {
  if (process.platform !== 'win32') return
  const part = path.find((name) => /[<>:"|?*]/.test(name))
  if (part !== undefined) throw new StorageError(`"${part}" cannot be a file's name on Windows`)
}
