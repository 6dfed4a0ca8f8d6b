import { lstat, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../errors.ts'
import { explain } from './explain.ts'
import { Handles } from './handles.ts'
import { moveBelow, openBelow } from './open-below.ts'
import type { FileState } from './recheck.ts'

/** A file below the folder. */
export interface DiskFile {
  readonly path: readonly string[]
  /** bytes it has when it is whole */
  readonly length: number
}

/** Files below one folder, opened when they are needed and synced when they were written. */
export class DiskFiles {
  readonly #folder: string
  readonly #files: readonly DiskFile[]
  readonly #handles: Handles
  /** files written since they were last synced */
  #unsynced = new Set<number>()
  /** folders with new entries, which are lost with the power unless the folder is synced too */
  #newEntries = new Set<string>()
  #syncing: Promise<void> = Promise.resolve()

  constructor(folder: string, files: readonly DiskFile[], openFiles: number) {
    this.#folder = folder
    this.#files = files
    this.#handles = new Handles(openFiles)
  }

  /** Fills `part` with the bytes from `at` on. */
  async read(file: number, at: number, part: Uint8Array): Promise<void> {
    await this.#use(file, false, async (handle) => {
      try {
        for (let done = 0; done < part.length;) {
          const { bytesRead } = await handle.read(part, done, part.length - done, at + done)
          if (bytesRead === 0) throw new Error('it ends before; was it cut, or not fetched yet?')
          done += bytesRead
        }
      } catch (error) {
        throw explain(error, 'read', this.#pathOf(file))
      }
    })
  }

  async write(file: number, at: number, part: Uint8Array): Promise<void> {
    await this.#use(file, true, async (handle) => {
      this.#unsynced.add(file)
      try {
        for (let done = 0; done < part.length;) {
          const { bytesWritten } = await handle.write(part, done, part.length - done, at + done)
          done += bytesWritten
        }
      } catch (error) {
        throw explain(error, 'write', this.#pathOf(file))
      } finally {
        // a sync may have passed in between
        this.#unsynced.add(file)
      }
    })
  }

  /** Makes a file with nothing in it, unless it is there. */
  async make(file: number): Promise<void> {
    const handle = await this.#open(file, true)
    await handle.close()
  }

  /** What the disk says of a file; undefined when there is none. */
  async state(file: number): Promise<FileState | undefined> {
    const stats = await lstat(this.#pathOf(file)).catch(() => undefined)
    return stats?.isFile() === true ? { size: stats.size, changed: stats.mtimeMs } : undefined
  }

  /**
   * Moves a file to the place of another that is not there: after a crash it is at the one or at the
   * other, with all its bytes.
   */
  async move(from: number, to: number): Promise<void> {
    await this.#use(from, true, (handle) => handle.datasync())
    await this.#handles.release(keysOf(from))
    this.#unsynced.delete(from)
    const touched = await moveBelow(this.#folder, this.#files[from]!.path, this.#files[to]!.path)
    for (const folder of touched) await syncFolder(folder)
  }

  async remove(file: number): Promise<void> {
    await this.#handles.release(keysOf(file))
    this.#unsynced.delete(file)
    await rm(this.#pathOf(file), { force: true })
  }

  /** @param everything also what an earlier run wrote: the system may still hold it in memory */
  sync(everything: boolean): Promise<void> {
    // one after another: a second call must not return before the first has done its files
    this.#syncing = this.#syncing.catch(() => {}).then(() => this.#sync(everything))
    return this.#syncing
  }

  /** Closes all of them; there is no use of it after. */
  close(): Promise<void> {
    return this.#handles.close()
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
    return join(this.#folder, ...this.#files[file]!.path)
  }

  async #use(
    file: number,
    write: boolean,
    job: (handle: FileHandle) => Promise<unknown>
  ): Promise<void> {
    // a file open for writing serves readers too
    const [writer, reader] = keysOf(file)
    const key = write || this.#handles.has(writer) ? writer : reader
    await this.#handles.use(key, () => this.#open(file, key === writer), job)
  }

  async #open(file: number, write: boolean): Promise<FileHandle> {
    const { path, length } = this.#files[file]!
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

  async #markEverything(): Promise<void> {
    for (const file of this.#files.keys()) {
      if ((await this.state(file)) !== undefined) this.#unsynced.add(file)
    }
  }
}

function keysOf(file: number): [writer: string, reader: string] {
  return [`w${file}`, `r${file}`]
}

/** Only Windows does; elsewhere files one may not write, such as a seed's, can be synced too. */
const syncWantsWriter = process.platform === 'win32'

/** Makes new names last. Windows cannot open a folder and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
