import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { type Catalog, limits, mediaTypeOf } from '@peerage/catalog'
import { FolderError, type FoundFile, scanFolder, watchFolder } from '@peerage/catalog/folder'
import type { CreateProgress, Swarm, Torrent, Transfer } from '@peerage/swarm'
import { fileStorage } from '@peerage/swarm/files'
import type { TorrentCache } from './torrent-cache.ts'

/** A file that is shared. */
export interface SharedFile {
  readonly file: FoundFile
  readonly torrent: Torrent
}

export interface LibraryInit {
  readonly catalog: Catalog
  readonly swarm: Pick<Swarm, 'seed'>
  readonly cache: TorrentCache
  /** rules of what to leave out, as in `.gitignore` */
  readonly exclude: readonly string[]
  readonly signal: AbortSignal
  readonly onShared: (shared: SharedFile) => void
  readonly onGone: (shared: SharedFile) => void
  readonly onProblem: (message: string) => void
  readonly onHash: (file: FoundFile, progress: CreateProgress) => void
}

interface Entry extends SharedFile {
  /** none while another file is the same: that one serves both */
  transfer: Transfer | undefined
}

/** Files that are shared: found by search, served to whoever asks. */
export class Library {
  readonly #init: LibraryInit
  readonly #entries = new Map<string, Entry>()

  constructor(init: LibraryInit) {
    this.#init = init
  }

  get size(): number {
    return this.#entries.size
  }

  get files(): readonly SharedFile[] {
    return [...this.#entries.values()]
  }

  /**
   * Shares a file, or what is in a folder now.
   *
   * @throws FolderError when it cannot be read
   */
  async share(path: string): Promise<void> {
    const { signal, exclude } = this.#init
    const only = await asFile(path)
    if (only !== undefined) return this.#add(only)
    for await (const file of scanFolder(path, { exclude, signal, onProblem: this.#onProblem })) {
      await this.#add(file)
    }
  }

  /** Keeps up with a folder until the signal aborts; a single file is left as it is. */
  async follow(path: string): Promise<void> {
    const { signal, exclude } = this.#init
    if ((await asFile(path)) !== undefined) return
    const options = { exclude, signal, onProblem: this.#onProblem }
    for await (const { type, file } of watchFolder(path, options)) {
      if (type === 'removed') await this.#remove(file)
      else await this.#add(file)
    }
  }

  readonly #onProblem = (problem: FolderError): void => this.#init.onProblem(problem.message)

  async #add(file: FoundFile): Promise<void> {
    const known = this.#entries.get(file.path)
    if (known?.file.size === file.size && known.file.modified === file.modified) return
    if (known !== undefined) await this.#remove(known.file)
    // a torrent has at least one byte
    if (file.size === 0) return
    const { cache, catalog, signal, onHash, onProblem, onShared } = this.#init
    try {
      const onProgress = (progress: CreateProgress): void => onHash(file, progress)
      const torrent = await cache.torrentOf(file, { signal, onProgress })
      const refused = catalog.tryAdd(itemOf(file, torrent))
      if (refused !== undefined) throw refused
      const entry: Entry = { file, torrent, transfer: undefined }
      if (this.#sameAs(entry) === undefined) await this.#serve(entry)
      this.#entries.set(file.path, entry)
      onShared(entry)
    } catch (error) {
      signal.throwIfAborted()
      // one bad file is no reason not to share the others
      onProblem(`${file.relative} is not shared: ${(error as Error).message}`)
    }
  }

  async #remove({ path }: FoundFile): Promise<void> {
    const entry = this.#entries.get(path)
    if (entry === undefined) return
    this.#entries.delete(path)
    await entry.transfer?.stop()
    await this.#init.cache.forget(entry.file)
    const twin = this.#sameAs(entry)
    if (twin === undefined) this.#init.catalog.remove(entry.torrent.id)
    else if (twin.transfer === undefined) await this.#serve(twin)
    this.#init.onGone(entry)
  }

  async #serve(entry: Entry): Promise<void> {
    const storage = fileStorage(entry.torrent, dirname(entry.file.path))
    entry.transfer = await this.#init.swarm.seed(entry.torrent, storage)
  }

  #sameAs({ torrent }: Entry): Entry | undefined {
    return [...this.#entries.values()].find((other) => other.torrent.id === torrent.id)
  }
}

/** What a search finds. The hash is among the words, so that a content id can be searched for too. */
function itemOf({ relative, size }: FoundFile, { id, name }: Torrent) {
  const folder = dirname(relative)
  const fits = folder !== '.' && Buffer.byteLength(folder) <= limits.maxAttributeValue
  const attributes = { btih: id.replace('btih:', ''), ...(fits && { folder }) }
  return { id, name, size, type: mediaTypeOf(name), attributes }
}

async function asFile(path: string): Promise<FoundFile | undefined> {
  const full = resolve(path)
  // a folder that is missing or not readable is for the scan to explain
  const stats = await stat(full).catch(() => undefined)
  if (stats?.isFile() !== true) return undefined
  return { path: full, relative: basename(full), size: stats.size, modified: stats.mtimeMs }
}
