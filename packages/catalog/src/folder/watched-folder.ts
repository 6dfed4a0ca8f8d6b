import type { FSWatcher } from 'node:fs'
import { limits } from '../limits.ts'
import { codeOf, FolderError } from './folder-error.ts'
import type { Changed, Notices } from './notices.ts'
import type { FileChange, FoundFile } from './options.ts'
import { below, type SharedFolder, top } from './shared-folder.ts'

/** One folder as it was when last looked at. */
interface Known {
  watcher: FSWatcher | undefined
  /** tells the folder that was watched from another one that has taken its name */
  identity: string | undefined
  /** by relative path */
  files: ReadonlyMap<string, FoundFile>
  /** relative paths */
  folders: ReadonlySet<string>
}

/** Where to look. */
export type Errand = readonly [folder: string, changed: Changed]

/**
 * What is known of a shared folder, kept up to date by looking again wherever a watcher has seen
 * something move. Watchers only say *where*: what they say has happened differs between systems.
 *
 * There is one watcher for each folder, opened before the folder is read, so that nothing falls
 * between the two. Node's own recursive watching would, on Linux, take a watch for every file, and
 * for those in excluded folders too.
 */
export class WatchedFolder {
  readonly #folder: SharedFolder
  readonly #notices: Notices
  readonly #known = new Map<string, Known>()
  readonly #watchers = new Set<FSWatcher>()

  constructor(folder: SharedFolder, notices: Notices) {
    this.#folder = folder
    this.#notices = notices
    this.#begin(top)
  }

  /** Everywhere, for when the rules have changed. */
  everywhere(): Errand[] {
    return [...this.#known.keys()].toSorted().map((folder) => [folder, 'anything'])
  }

  /** Looks where it is told to, and into folders it finds there, and says what is different now. */
  async *look(errands: readonly Errand[]): AsyncGenerator<FileChange, void, void> {
    const pending = errands.toReversed()
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [folder, changed] = next
      const known = this.#known.get(folder)
      if (known === undefined) continue
      if (changed === 'anything') yield* await this.#lookAtAll(folder, known, pending)
      else yield* await this.#lookAtFiles(folder, known, changed)
    }
  }

  close(): void {
    for (const watcher of this.#watchers) this.#unwatch(watcher)
    this.#known.clear()
  }

  async #lookAtAll(folder: string, known: Known, pending: Errand[]): Promise<FileChange[]> {
    await this.#watchOver(folder, known)
    const listing = await this.#folder.list(folder)
    const files = new Map(listing.files.map((file) => [file.relative, file]))
    const folders = new Set(listing.folders)
    const changes = [...differences(known.files, files)]
    for (const inner of known.folders) {
      if (folders.has(inner)) continue
      for (const file of this.#forget(inner)) changes.push({ type: 'removed', file })
    }
    for (const inner of listing.folders.toReversed()) {
      if (known.folders.has(inner)) continue
      this.#begin(inner)
      pending.push([inner, 'anything'])
    }
    known.files = files
    known.folders = folders
    return changes
  }

  async #lookAtFiles(folder: string, known: Known, names: Iterable<string>): Promise<FileChange[]> {
    const files = new Map(known.files)
    for (const name of names) {
      const found = await this.#folder.look(folder, name)
      if (typeof found === 'object') files.set(found.relative, found)
      else files.delete(below(folder, name))
    }
    const changes = [...differences(known.files, files)]
    known.files = files
    return changes
  }

  #begin(folder: string): void {
    this.#known.set(folder, {
      watcher: undefined,
      identity: undefined,
      files: new Map(),
      folders: new Set()
    })
  }

  /** Stops watching a folder and those below it, and returns the files they had. */
  *#forget(folder: string): Generator<FoundFile, void, void> {
    const known = this.#known.get(folder)
    if (known === undefined) return
    this.#known.delete(folder)
    this.#unwatch(known.watcher)
    yield* known.files.values()
    for (const inner of known.folders) yield* this.#forget(inner)
  }

  /** Watches a folder, unless the very folder that is there now is being watched already. */
  async #watchOver(folder: string, known: Known): Promise<void> {
    const identity = await this.#folder.identify(folder)
    if (identity === undefined || identity === known.identity) return
    // closed meanwhile
    if (this.#known.get(folder) !== known) return
    this.#unwatch(known.watcher)
    known.identity = identity
    known.watcher = this.#watch(folder, known)
  }

  #watch(folder: string, known: Known): FSWatcher | undefined {
    const path = this.#folder.absolute(folder)
    try {
      if (this.#watchers.size === limits.maxWatchedFolders) {
        throw new FolderError(path, 'not watched')
      }
      const watcher = this.#folder.disk.watch(path)
      this.#watchers.add(watcher)
      watcher.on('change', (event, name) => this.#noticed(folder, known, event, String(name ?? '')))
      watcher.on('error', (error) => {
        this.#unwatch(watcher)
        known.identity = undefined
        this.#folder.report(new FolderError(path, 'not watched', error))
      })
      return watcher
    } catch (error) {
      const problem =
        error instanceof FolderError ? error : new FolderError(path, 'not watched', error)
      // gone since its identity was read: whoever watches over its parent will see that
      if (codeOf(error) !== 'ENOENT') this.#folder.report(problem)
      return undefined
    }
  }

  #unwatch(watcher: FSWatcher | undefined): void {
    if (watcher !== undefined && this.#watchers.delete(watcher)) watcher.close()
  }

  /** A file that is being written tells of itself many times, so it alone is looked at again. */
  #noticed(folder: string, known: Known, event: string, name: string): void {
    const relative = below(folder, name)
    if (event === 'change' && known.files.has(relative)) {
      this.#notices.note(folder, name)
      return
    }
    this.#notices.note(folder)
    // what came or went under this name may be a folder, in place of another of the same name
    if (name !== '' && this.#known.has(relative)) this.#notices.note(relative)
  }
}

function* differences(
  before: ReadonlyMap<string, FoundFile>,
  after: ReadonlyMap<string, FoundFile>
): Generator<FileChange, void, void> {
  for (const [relative, file] of before) if (!after.has(relative)) yield { type: 'removed', file }
  for (const [relative, file] of after) {
    const earlier = before.get(relative)
    if (earlier === undefined) yield { type: 'added', file }
    else if (!isSame(earlier, file)) yield { type: 'changed', file }
  }
}

function isSame(a: FoundFile, b: FoundFile): boolean {
  return a.size === b.size && a.modified === b.modified
}
