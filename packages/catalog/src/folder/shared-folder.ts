import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '../limits.ts'
import { disk as realDisk, type Disk } from './disk.ts'
import { codeOf, FolderError, folderError } from './folder-error.ts'
import type { FolderOptions, FoundFile } from './options.ts'
import { Rules } from './rules.ts'

/** What is in one folder, in order of name. */
export interface Listing {
  readonly files: readonly FoundFile[]
  /** relative paths */
  readonly folders: readonly string[]
}

/** The top of a shared folder, as a relative path. */
export const top = ''

/** The relative path of an entry of a folder. */
export function below(folder: string, name: string): string {
  return folder === top ? name : `${folder}/${name}`
}

/**
 * Reads a folder through its rules. Symbolic links are never followed: what they point to inside
 * the folder is found in its own place, and what is outside was not meant to be shared.
 */
export class SharedFolder {
  /** absolute, with no symbolic link in it */
  readonly root: string
  readonly disk: Disk
  readonly #options: FolderOptions
  #rules: Rules

  private constructor(root: string, rules: Rules, options: FolderOptions, disk: Disk) {
    this.root = root
    this.disk = disk
    this.#rules = rules
    this.#options = options
  }

  /** @throws FolderError */
  static async open(path: string, options: FolderOptions, disk = realDisk): Promise<SharedFolder> {
    options.signal?.throwIfAborted()
    try {
      const root = await realpath(path)
      if (!(await disk.lstat(root)).isDirectory()) throw new FolderError(root, 'not a folder')
      return new SharedFolder(root, await Rules.of(root, options), options, disk)
    } catch (error) {
      throw error instanceof FolderError ? error : folderError(path, error)
    }
  }

  /** Reads the ignore file again; returns whether it has changed. */
  async reloadRules(): Promise<boolean> {
    const rules = await Rules.of(this.root, this.#options)
    if (rules.text === this.#rules.text) return false
    this.#rules = rules
    return true
  }

  /**
   * What is in a folder. One that is gone or cannot be read is empty, the latter with a problem
   * reported; for the top of the shared folder both are errors.
   *
   * @throws FolderError
   */
  async list(relative: string): Promise<Listing> {
    const files: FoundFile[] = []
    const folders: string[] = []
    const names = await this.#names(relative)
    for (let at = 0; at < names.length; at += limits.statsAtOnce) {
      this.#options.signal?.throwIfAborted()
      const some = names.slice(at, at + limits.statsAtOnce)
      for (const found of await Promise.all(some.map((name) => this.look(relative, name)))) {
        if (typeof found === 'string') folders.push(found)
        else if (found !== undefined) files.push(found)
      }
    }
    return { files, folders }
  }

  /** One entry of a folder: a file, a sub-folder's relative path, or nothing that is shared. */
  async look(folder: string, name: string): Promise<FoundFile | string | undefined> {
    const relative = below(folder, name)
    const path = this.absolute(relative)
    try {
      const entry = await this.disk.lstat(path)
      if (entry.isDirectory()) {
        return this.#rules.allows(relative, name, 'folder') ? relative : undefined
      }
      if (!entry.isFile() || !this.#rules.allows(relative, name, 'file')) return undefined
      return { path, relative, size: entry.size, modified: entry.mtimeMs }
    } catch (error) {
      this.#reportEntry(path, name, error)
      return undefined
    }
  }

  /** What tells a folder from a later one at the same path; nothing when it is gone. */
  async identify(relative: string): Promise<string | undefined> {
    try {
      const { ino, birthtimeMs } = await this.disk.lstat(this.absolute(relative))
      return `${ino}:${birthtimeMs}`
    } catch {
      return undefined
    }
  }

  absolute(relative: string): string {
    return join(this.root, relative)
  }

  report(problem: FolderError): void {
    this.#options.onProblem?.(problem)
  }

  async #names(relative: string): Promise<string[]> {
    const path = this.absolute(relative)
    try {
      return (await this.disk.readdir(path)).toSorted()
    } catch (error) {
      const problem = folderError(path, error)
      if (relative === top) throw problem
      if (problem.trouble === 'unreadable') this.report(problem)
      return []
    }
  }

  /** A file that is gone since its folder was read is no problem, unless its name was unreadable. */
  #reportEntry(path: string, name: string, error: unknown): void {
    if (codeOf(error) !== 'ENOENT') this.report(folderError(path, error))
    else if (name.includes('\uFFFD')) this.report(new FolderError(path, 'unusable name', error))
  }
}
