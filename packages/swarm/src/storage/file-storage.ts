import { lstat, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { AbortOptions } from '@libp2p/interface'
import type { Clock } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import { StorageError } from '../errors.ts'
import { limits } from '../limits.ts'
import { explain } from './explain.ts'
import { Handles } from './handles.ts'
import { assertInside, spansOf, type Span } from './layout.ts'
import { openBelow } from './open-below.ts'
import type { CheckProgress, FileState } from './recheck.ts'
import { openResume, type Resume } from './resume.ts'
import type { CheckPiece, Storage } from './storage.ts'

export interface FileStorageInit {
  /**
   * A folder for the journal of verified pieces, one small file a torrent. Without it every piece
   * that is there is hashed again at each start.
   */
  journal?: string
  /**
   * Files open at a time.
   *
   * @default 32
   */
  openFiles?: number
  /** Called while pieces from an earlier run are hashed again. */
  onCheck?: (progress: CheckProgress) => void
  /** @default systemClock */
  clock?: Clock
}

/**
 * Keeps a torrent in files below a folder (Node only), under their final names from the first byte
 * on: sparse, growing as pieces arrive. Files and folders are made when they are first written.
 */
export function fileStorage(
  torrent: Torrent,
  folder: string,
  init: FileStorageInit = {}
): FileStorage {
  return new FileStorage(torrent, folder, init)
}

/** {@link Storage} in files; made by {@link fileStorage}. */
export class FileStorage implements Storage {
  readonly #torrent: Torrent
  readonly #folder: string
  readonly #init: FileStorageInit
  readonly #handles: Handles
  /** files written since they were last synced */
  #unsynced = new Set<number>()
  /** folders with new entries, which are lost with the power unless the folder is synced too */
  #newEntries = new Set<string>()
  #resume: Resume | undefined
  #empties: Promise<void> | undefined
  #syncing: Promise<void> = Promise.resolve()

  constructor(torrent: Torrent, folder: string, init: FileStorageInit) {
    this.#torrent = torrent
    this.#folder = folder
    this.#init = init
    this.#handles = new Handles(init.openFiles ?? limits.storage.openFiles)
  }

  async read(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array> {
    assertInside(this.#torrent.extent, offset, length)
    // not zeroed, for every byte of it is read or filled below, or the read fails
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
    for (const span of spansOf(this.#torrent.files, offset, length)) {
      options?.signal?.throwIfAborted()
      const part = bytes.subarray(span.from, span.from + span.length)
      if (this.#torrent.files[span.file]!.pad) part.fill(0)
      else await this.#use(span.file, false, (handle) => this.#readAll(handle, span, part))
    }
    return bytes
  }

  async write(offset: number, bytes: Uint8Array, options?: AbortOptions): Promise<void> {
    assertInside(this.#torrent.extent, offset, bytes.length)
    await (this.#empties ??= this.#makeEmpties().catch((error: unknown) => {
      this.#empties = undefined
      throw error
    }))
    for (const span of spansOf(this.#torrent.files, offset, bytes.length)) {
      options?.signal?.throwIfAborted()
      if (this.#torrent.files[span.file]!.pad) continue
      const part = bytes.subarray(span.from, span.from + span.length)
      await this.#use(span.file, true, (handle) => this.#writeAll(handle, span, part))
    }
  }

  /**
   * @param options.everything also what an earlier run wrote: the system may still hold it in memory
   */
  sync(options: { everything?: boolean } = {}): Promise<void> {
    // one after another: a second call must not return before the first has done its files
    this.#syncing = this.#syncing
      .catch(() => {})
      .then(() => this.#sync(options.everything === true))
    return this.#syncing
  }

  async close(): Promise<void> {
    try {
      await this.#resume?.close()
    } finally {
      this.#resume = undefined
      await this.#handles.close()
    }
  }

  async remembered(check: CheckPiece, options?: AbortOptions): Promise<Uint8Array> {
    this.#resume = await openResume({
      torrent: this.#torrent,
      storage: this,
      folder: this.#init.journal,
      check,
      onCheck: this.#init.onCheck,
      clock: this.#init.clock,
      signal: options?.signal
    })
    return this.#resume.have
  }

  async remember(piece: number): Promise<void> {
    await this.#resume?.add(piece)
  }

  /** The state of every file of the torrent; undefined where there is no such file. */
  async state(): Promise<(FileState | undefined)[]> {
    return Promise.all(
      this.#torrent.files.map(async ({ pad }, file) => {
        if (pad) return undefined
        const stats = await lstat(this.#pathOf(file)).catch(() => undefined)
        return stats?.isFile() === true ? { size: stats.size, changed: stats.mtimeMs } : undefined
      })
    )
  }

  async #sync(everything: boolean): Promise<void> {
    if (everything) await this.#markEverything()
    // taken away before, so that what is written meanwhile counts for the next time
    const files = this.#unsynced
    this.#unsynced = new Set()
    for (const file of files) {
      try {
        await this.#use(file, syncWantsWriter, (handle) => handle.datasync())
      } catch (error) {
        for (const left of files) this.#unsynced.add(left)
        throw explain(error, 'sync', this.#pathOf(file))
      }
    }
    const folders = this.#newEntries
    this.#newEntries = new Set()
    for (const folder of folders) await syncFolder(folder)
  }

  #pathOf(file: number): string {
    return join(this.#folder, ...this.#torrent.files[file]!.path)
  }

  async #use(
    file: number,
    write: boolean,
    job: (handle: FileHandle) => Promise<unknown>
  ): Promise<void> {
    // a file open for writing serves readers too
    const key = write || this.#handles.has(`w${file}`) ? `w${file}` : `r${file}`
    await this.#handles.use(key, () => this.#open(file, key.startsWith('w')), job)
  }

  async #open(file: number, write: boolean): Promise<FileHandle> {
    const { path, length } = this.#torrent.files[file]!
    const { handle, touched } = await openBelow(this.#folder, path, write)
    for (const folder of touched) this.#newEntries.add(folder)
    if (!write) return handle
    const { size } = await handle.stat()
    if (size <= length) return handle
    await handle.close()
    throw new StorageError(
      `"${this.#pathOf(file)}" is longer than the torrent's file, so it is another; move it away`
    )
  }

  async #readAll(handle: FileHandle, span: Span, part: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < part.length;) {
        const { bytesRead } = await handle.read(part, done, part.length - done, span.at + done)
        if (bytesRead === 0) throw new Error('it ends before; was it cut, or not fetched yet?')
        done += bytesRead
      }
    } catch (error) {
      throw explain(error, 'read', this.#pathOf(span.file))
    }
  }

  async #writeAll(handle: FileHandle, span: Span, part: Uint8Array): Promise<void> {
    this.#unsynced.add(span.file)
    try {
      for (let done = 0; done < part.length;) {
        const { bytesWritten } = await handle.write(part, done, part.length - done, span.at + done)
        done += bytesWritten
      }
    } catch (error) {
      throw explain(error, 'write', this.#pathOf(span.file))
    } finally {
      // a sync may have passed in between
      this.#unsynced.add(span.file)
    }
  }

  /** Files without bytes are in no piece, so no write would ever make them. */
  async #makeEmpties(): Promise<void> {
    for (const [file, { length, pad }] of this.#torrent.files.entries()) {
      if (length > 0 || pad) continue
      const handle = await this.#open(file, true)
      await handle.close()
    }
  }

  async #markEverything(): Promise<void> {
    for (const [file, state] of (await this.state()).entries()) {
      if (state !== undefined) this.#unsynced.add(file)
    }
  }
}

/** Only Windows does; elsewhere files one may not write, such as a seed's, can be synced too. */
const syncWantsWriter = process.platform === 'win32'

/** Makes new names last. Windows cannot open a folder and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
