import { opendir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { codeOf, FolderError, folderError } from './folder-error.ts'
import type { FolderOptions } from './options.ts'

/** At the top of a shared folder: what to leave out of it, in the syntax of `.gitignore`. */
const ignoreFile = '.peerageignore'

/** Which entries of a folder are shared. */
export class Rules {
  readonly #hidden: boolean
  readonly #ignored: Ignore
  /** what the folder's own ignore file says */
  readonly text: string

  private constructor(text: string, { exclude = [], hidden = false }: FolderOptions) {
    this.text = text
    this.#hidden = hidden
    this.#ignored = ignore({ allowRelativePaths: true }).add(text).add(exclude)
  }

  /** The rules of the folder at this absolute path. */
  static async of(root: string, options: FolderOptions): Promise<Rules> {
    return new Rules(await readIgnoreFile(join(root, ignoreFile)), options)
  }

  /** Whether an entry is shared, given that the folder it is in is. */
  allows(relative: string, name: string, kind: 'file' | 'folder'): boolean {
    if (relative === ignoreFile || (!this.#hidden && name.startsWith('.'))) return false
    return !this.#ignored.ignores(kind === 'folder' ? `${relative}/` : relative)
  }
}

/** An ignore file that is there but cannot be read stops everything: it may hold secrets back. */
async function readIgnoreFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ''
    await assertReadable(dirname(path))
    throw new FolderError(path, 'unreadable', error)
  }
}

/** When the whole folder is closed to us, that is what to say, not that one file in it is. */
async function assertReadable(folder: string): Promise<void> {
  try {
    // not access(2): that asks for the user who started us, not the one we act as
    await (await opendir(folder)).close()
    await stat(`${folder}/.`)
  } catch (error) {
    throw folderError(folder, error)
  }
}
