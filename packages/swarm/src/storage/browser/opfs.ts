import type { AbortOptions } from '@libp2p/interface'
import type { Torrent } from '../../codec/metainfo.ts'
import type { Bitfield } from '../../core/bitfield.ts'
import { StorageError } from '../../errors.ts'
import { explain } from '../explain.ts'
import { assertInside } from '../layout.ts'
import type { CheckPiece, Storage } from '../storage.ts'
import type { BrowserStorageInit } from './indexed-db.ts'
import { keepBelieved, readNoted } from './noted.ts'

/** TypeScript has it among what workers have, and this package is compiled for windows, too. */
interface SyncAccessHandle {
  read(bytes: Uint8Array, options: { at: number }): number
  write(bytes: Uint8Array, options: { at: number }): number
  getSize(): number
  flush(): void
  close(): void
}

interface SyncFile {
  createSyncAccessHandle(): Promise<SyncAccessHandle>
}

/** Whether files can be written in place: in dedicated workers only (WHATWG File System Standard). */
export function hasSyncAccess(): boolean {
  return 'FileSystemSyncAccessHandle' in globalThis
}

/**
 * Keeps a torrent in a file of the origin private file system, written in place: in dedicated
 * workers only, and by one at a time.
 *
 * @throws {StorageError} it cannot be opened: this is no such worker, or another one has it open
 */
export async function opfsStorage(
  torrent: Torrent,
  init: BrowserStorageInit = {}
): Promise<Storage> {
  if (!hasSyncAccess()) {
    const where = 'files can be written in place in dedicated workers only'
    throw new StorageError(`${where}: move the swarm there, or use indexedDbStorage`)
  }
  const name = torrent.id.replace(':', '-')
  try {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle(init.name ?? 'peerage', { create: true })
    const bytes = await openFile(folder, `${name}.bytes`)
    const notes = await openFile(folder, `${name}.verified`).catch((error: unknown) => {
      bytes.close()
      throw error
    })
    return new OpfsStorage(torrent, bytes, notes)
  } catch (error) {
    throw explain(error, 'read', name)
  }
}

class OpfsStorage implements Storage {
  readonly #torrent: Torrent
  readonly #bytes: SyncAccessHandle
  /** one bit a piece, in BEP 3's order */
  readonly #notes: SyncAccessHandle
  readonly #have: Bitfield
  #closed = false

  constructor(torrent: Torrent, bytes: SyncAccessHandle, notes: SyncAccessHandle) {
    this.#torrent = torrent
    this.#bytes = bytes
    this.#notes = notes
    const noted = new Uint8Array(notes.getSize())
    notes.read(noted, { at: 0 })
    this.#have = readNoted(noted, torrent)
  }

  async read(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array> {
    options?.signal?.throwIfAborted()
    assertInside(this.#torrent.extent, offset, length)
    const bytes = new Uint8Array(length)
    return this.#use('read', () => {
      const read = length === 0 ? 0 : this.#bytes.read(bytes, { at: offset })
      if (read < length) throw new StorageError('these bytes were never written')
      return bytes
    })
  }

  async write(offset: number, bytes: Uint8Array, options?: AbortOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    assertInside(this.#torrent.extent, offset, bytes.length)
    this.#use('write', () => {
      for (let done = 0; done < bytes.length;) {
        done += this.#bytes.write(bytes.subarray(done), { at: offset + done })
      }
    })
  }

  async sync(): Promise<void> {
    this.#use('sync', () => {
      this.#bytes.flush()
      this.#notes.flush()
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#bytes.close()
    this.#notes.close()
  }

  async remembered(check: CheckPiece, options: AbortOptions = {}): Promise<Uint8Array> {
    return keepBelieved(this.#torrent, this.#have, check, options)
  }

  async remember(piece: number): Promise<void> {
    this.#have.add(piece)
    try {
      this.#use('write', () => this.#notes.write(this.#have.toBytes(), { at: 0 }))
    } catch {
      // the next note has this piece in it too
    }
  }

  #use<T>(doing: 'read' | 'write' | 'sync', job: () => T): T {
    if (this.#closed) throw new StorageError('the storage is closed')
    try {
      return job()
    } catch (error) {
      throw explain(error, doing, this.#torrent.name)
    }
  }
}

async function openFile(
  folder: FileSystemDirectoryHandle,
  name: string
): Promise<SyncAccessHandle> {
  const file: unknown = await folder.getFileHandle(name, { create: true })
  return (file as SyncFile).createSyncAccessHandle()
}
