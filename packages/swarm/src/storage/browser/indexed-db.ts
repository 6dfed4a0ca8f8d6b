import type { AbortOptions } from '@libp2p/interface'
import type { Torrent } from '../../codec/metainfo.ts'
import type { Bitfield } from '../../core/bitfield.ts'
import { StorageError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { explain } from '../explain.ts'
import { cutsOf } from '../layout.ts'
import type { CheckPiece, Storage } from '../storage.ts'
import { keepBelieved, readNoted } from './noted.ts'
import { committed, resultOf } from './requests.ts'

export interface BrowserStorageInit {
  /**
   * Torrents are kept under this name: databases `<name> <torrent.id>`, or a folder of the origin
   * private file system. Delete one to free its room.
   *
   * @default 'peerage'
   */
  name?: string
}

/**
 * Keeps a torrent in an IndexedDB database: in windows and in workers. Not in files, for what a
 * window can do with those is to copy the whole file for every write (`createWritable` with
 * `keepExistingData`, WHATWG File System Standard).
 *
 * @throws {StorageError} it cannot be opened
 */
export async function indexedDbStorage(
  torrent: Torrent,
  init: BrowserStorageInit = {}
): Promise<Storage> {
  const name = `${init.name ?? 'peerage'} ${torrent.id}`
  const request = indexedDB.open(name)
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('bytes')
    request.result.createObjectStore('notes')
  })
  try {
    const database = await resultOf(request)
    const noted = await resultOf<Uint8Array | undefined>(
      database.transaction('notes').objectStore('notes').get('verified')
    )
    return new IndexedDbStorage(torrent, database, readNoted(noted, torrent))
  } catch (error) {
    throw explain(error, 'read', name)
  }
}

class IndexedDbStorage implements Storage {
  readonly #torrent: Torrent
  readonly #database: IDBDatabase
  readonly #have: Bitfield
  /** bytes of one record: what a request reads is no larger than what is read for it */
  readonly #size: number

  constructor(torrent: Torrent, database: IDBDatabase, have: Bitfield) {
    this.#torrent = torrent
    this.#database = database
    this.#have = have
    this.#size = Math.min(torrent.pieceLength, limits.storage.record)
  }

  async read(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array> {
    options?.signal?.throwIfAborted()
    const cuts = cutsOf(this.#size, this.#torrent.extent, offset, length)
    const bytes = new Uint8Array(length)
    try {
      const store = this.#database.transaction('bytes').objectStore('bytes')
      const records = await Promise.all(
        cuts.map(({ index }) => resultOf<Uint8Array | undefined>(store.get(index)))
      )
      for (const [i, { at, from, to }] of cuts.entries()) {
        const record = records[i]
        if (record === undefined) throw new StorageError('these bytes were never written')
        bytes.set(record.subarray(at, at + to - from), from)
      }
      return bytes
    } catch (error) {
      throw explain(error, 'read', this.#database.name)
    }
  }

  async write(offset: number, bytes: Uint8Array, options?: AbortOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    const { extent } = this.#torrent
    const cuts = cutsOf(this.#size, extent, offset, bytes.length)
    await this.#transact('bytes', 'relaxed', (store) => {
      for (const { index, at, from, to } of cuts) {
        const size = Math.min(this.#size, extent - index * this.#size)
        // copies: to store a view is to store its whole buffer
        const part = bytes.slice(from, to)
        if (part.length === size) store.put(part, index)
        else {
          const before: IDBRequest<Uint8Array | undefined> = store.get(index)
          before.addEventListener('success', () => {
            const record = before.result ?? new Uint8Array(size)
            record.set(part, at)
            store.put(record, index)
          })
        }
      }
    })
  }

  /** A strict transaction reaches the disk, and with it those before. */
  async sync(): Promise<void> {
    await this.#note('strict')
  }

  async close(): Promise<void> {
    // transactions under way are completed
    this.#database.close()
  }

  async remembered(check: CheckPiece, options: AbortOptions = {}): Promise<Uint8Array> {
    return keepBelieved(this.#torrent, this.#have, check, options)
  }

  async remember(piece: number): Promise<void> {
    this.#have.add(piece)
    await this.#note('relaxed').catch(() => {})
  }

  async #note(durability: IDBTransactionDurability): Promise<void> {
    await this.#transact('notes', durability, (store) => {
      store.put(this.#have.toBytes(), 'verified')
    })
  }

  async #transact(
    name: string,
    durability: IDBTransactionDurability,
    job: (store: IDBObjectStore) => void
  ): Promise<void> {
    try {
      const transaction = this.#database.transaction(name, 'readwrite', { durability })
      job(transaction.objectStore(name))
      await committed(transaction)
    } catch (error) {
      throw explain(error, 'write', this.#database.name)
    }
  }
}
