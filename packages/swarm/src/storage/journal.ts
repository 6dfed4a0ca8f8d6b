import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  decodeJournal,
  encodeHeader,
  encodeRecord,
  headerSize,
  recordSize,
  type JournalRecord,
  type JournalState
} from '../codec/journal.ts'
import type { Torrent } from '../codec/metainfo.ts'
import { explain } from './explain.ts'

/** Where a torrent's journal lies in the folder for journals. */
export function journalPath(folder: string, torrent: Torrent): string {
  return join(folder, `${torrent.id.replace(':', '-')}.resume`)
}

/** What a journal says, and when it was last written (milliseconds since 1970). */
export interface Recalled extends JournalState {
  readonly written: number
}

/** Undefined when there is no journal, or none of this torrent. */
export async function recall(path: string, torrent: Torrent): Promise<Recalled | undefined> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (handle === undefined) return undefined
  try {
    const { size, mtimeMs } = await handle.stat()
    // a run adds a piece once and at most one mark for each: a longer file is not ours
    if (size > headerSize + (3 * torrent.pieceCount + 8) * recordSize) return undefined
    const state = decodeJournal(await handle.readFile(), torrent)
    return state && { ...state, written: mtimeMs }
  } catch {
    return undefined
  } finally {
    await handle.close()
  }
}

/**
 * A journal open for writing. Records wait in a queue until {@link drain} has written them, each at
 * its own place, so that what a full disk tore is overwritten by the next try.
 */
export class Journal {
  readonly #path: string
  readonly #infoHash: Uint8Array
  readonly #handle: FileHandle
  readonly #queue: JournalRecord[] = []
  #written = 0
  #pieces = 0
  #draining: Promise<void> = Promise.resolve()

  private constructor(path: string, infoHash: Uint8Array, handle: FileHandle) {
    this.#path = path
    this.#infoHash = infoHash
    this.#handle = handle
  }

  /** Begins a journal with these pieces on the disk, in place of the one before or not at all. */
  static async start(path: string, torrent: Torrent, pieces: Iterable<number>): Promise<Journal> {
    const fresh = `${path}.new`
    try {
      await mkdir(dirname(path), { recursive: true })
      await rm(fresh, { force: true })
      const handle = await open(fresh, 'wx')
      const journal = new Journal(path, torrent.infoHash, handle)
      try {
        await handle.write(encodeHeader(torrent.infoHash), 0, headerSize, 0)
        for (const piece of pieces) journal.push({ kind: 'piece', value: piece })
        journal.push({ kind: 'synced', value: journal.pieces })
        await journal.sync()
        await rename(fresh, path)
        return journal
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (error) {
      throw explain(error, 'write', path)
    }
  }

  /** piece records, those in the queue included */
  get pieces(): number {
    return this.#pieces
  }

  push(record: JournalRecord): void {
    this.#queue.push(record)
    if (record.kind === 'piece') this.#pieces++
  }

  /** Writes what is queued; what cannot be written stays in the queue. */
  drain(): Promise<void> {
    this.#draining = this.#draining.catch(() => {}).then(() => this.#drain())
    return this.#draining
  }

  /** Writes what is queued and waits until the disk has it. */
  async sync(): Promise<void> {
    await this.drain()
    try {
      await this.#handle.datasync()
    } catch (error) {
      throw explain(error, 'sync', this.#path)
    }
  }

  async close(): Promise<void> {
    await this.#draining.catch(() => {})
    await this.#handle.close()
  }

  async #drain(): Promise<void> {
    const records = [...this.#queue]
    if (records.length === 0) return
    const bytes = new Uint8Array(records.length * recordSize)
    for (const [index, record] of records.entries()) {
      const place = this.#written + index
      bytes.set(encodeRecord(this.#infoHash, place, record), index * recordSize)
    }
    try {
      await writeAll(this.#handle, bytes, headerSize + this.#written * recordSize)
    } catch (error) {
      throw explain(error, 'write', this.#path)
    }
    this.#written += records.length
    this.#queue.splice(0, records.length)
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}
