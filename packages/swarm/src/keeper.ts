import type { AbortOptions } from '@libp2p/interface'
import { asError } from '@peerage/wire'
import { readInfo, type Torrent } from './codec/metainfo.ts'
import { Bitfield } from './core/bitfield.ts'
import type { TorrentResult, TorrentWork } from './core/vocabulary.ts'
import { TorrentError } from './errors.ts'
import { sha1 } from './hash.ts'
import type { Storage } from './storage/storage.ts'

export interface KeeperInit {
  /** 20 bytes */
  infoHash: Uint8Array
  storage: (torrent: Torrent) => Storage | Promise<Storage>
  /** all pieces are there: the storage is not asked what it remembers */
  trusted?: boolean
}

/** Carries out a torrent's work on hash and disk. */
export class Keeper {
  readonly #init: KeeperInit
  #torrent: Torrent | undefined
  #storage: Storage | undefined

  constructor(init: KeeperInit) {
    this.#init = init
  }

  /** Opens the storage. @returns the pieces that are there, as they go on the wire */
  async open(torrent: Torrent, options: AbortOptions = {}): Promise<Uint8Array> {
    const storage = await this.#init.storage(torrent)
    this.#torrent = torrent
    this.#storage = storage
    options.signal?.throwIfAborted()
    if (this.#init.trusted) return Bitfield.full(torrent.pieceCount).toBytes()
    const check = async (piece: number, checking?: AbortOptions): Promise<boolean> => {
      const offset = piece * torrent.pieceLength
      const bytes = await storage.read(offset, torrent.pieceSize(piece), checking)
      return this.#matches(torrent, piece, bytes)
    }
    const none = new Bitfield(torrent.pieceCount)
    return (await storage.remembered?.(check, options)) ?? none.toBytes()
  }

  async close(): Promise<void> {
    await this.#storage?.close()
  }

  /** Never rejects. */
  async carryOut(work: TorrentWork, signal: AbortSignal): Promise<TorrentResult> {
    try {
      if (work.type === 'store') return await this.#store(work.piece, work.bytes)
      if (work.type === 'adopt') return await this.#adopt(work.info, signal)
      const { torrent, storage } = this.#opened()
      const offset = work.piece * torrent.pieceLength + work.begin
      return { type: 'read', bytes: await storage.read(offset, work.length, { signal }) }
    } catch (reason) {
      return { type: 'failed', error: asError(reason) }
    }
  }

  /** Verified, then written, then noted: no other order (a crash may come between any two). */
  async #store(piece: number, bytes: Uint8Array): Promise<TorrentResult> {
    const { torrent, storage } = this.#opened()
    if (!(await this.#matches(torrent, piece, bytes))) return { type: 'corrupt' }
    // not to be aborted: a piece half written is one more to check after the next start
    await storage.write(piece * torrent.pieceLength, bytes)
    storage.remember?.(piece)
    return { type: 'stored' }
  }

  async #adopt(info: Uint8Array, signal: AbortSignal): Promise<TorrentResult> {
    if (!equal(await sha1(info), this.#init.infoHash)) return { type: 'corrupt' }
    const torrent = readInfo(info)
    if (torrent instanceof TorrentError) return { type: 'refused', error: torrent }
    try {
      return { type: 'adopted', torrent, have: await this.open(torrent, { signal }) }
    } catch (reason) {
      return { type: 'refused', error: asError(reason) }
    }
  }

  async #matches(torrent: Torrent, piece: number, bytes: Uint8Array): Promise<boolean> {
    return equal(await sha1(bytes), torrent.pieceHash(piece))
  }

  #opened(): { torrent: Torrent; storage: Storage } {
    if (this.#torrent == null || this.#storage == null) throw new Error('no storage is open')
    return { torrent: this.#torrent, storage: this.#storage }
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => b[i] === byte)
}
