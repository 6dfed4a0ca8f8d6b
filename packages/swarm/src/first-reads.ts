import type { AbortOptions } from '@libp2p/interface'
import { checkPiece } from './check-piece.ts'
import type { Torrent } from './codec/metainfo.ts'
import { Bitfield } from './core/bitfield.ts'
import type { Storage } from './storage/storage.ts'

/**
 * Reads of a storage that is said to have everything: a piece is hashed when something of it is
 * first read (libtorrent's seed mode), so that nothing wrong is given and nobody waits for a check.
 */
export class FirstReads {
  readonly #torrent: Torrent
  readonly #storage: Storage
  /** pieces that were never read */
  readonly #unread: Bitfield
  /** … and those that were, and are wrong */
  readonly #wrong: Bitfield
  /** their first reads under way; bytes only if they are right */
  readonly #reading = new Map<number, Promise<Uint8Array | undefined>>()

  constructor(torrent: Torrent, storage: Storage) {
    this.#torrent = torrent
    this.#storage = storage
    this.#unread = Bitfield.full(torrent.pieceCount)
    this.#wrong = new Bitfield(torrent.pieceCount)
  }

  /** Undefined when the piece is not what its hash says. */
  async read(
    piece: number,
    begin: number,
    length: number,
    options: AbortOptions
  ): Promise<Uint8Array | undefined> {
    if (this.#wrong.has(piece)) return undefined
    if (!this.#unread.has(piece)) {
      return this.#storage.read(piece * this.#torrent.pieceLength + begin, length, options)
    }
    const reading = this.#reading.get(piece) ?? this.#begin(piece)
    return (await reading)?.subarray(begin, begin + length)
  }

  /** A piece was verified and written anew. */
  stored(piece: number): void {
    this.#unread.delete(piece)
    this.#wrong.delete(piece)
  }

  /** Not to be aborted by one of those who wait for it. */
  #begin(piece: number): Promise<Uint8Array | undefined> {
    const reading = this.#readWhole(piece).finally(() => this.#reading.delete(piece))
    this.#reading.set(piece, reading)
    return reading
  }

  async #readWhole(piece: number): Promise<Uint8Array | undefined> {
    const { pieceLength } = this.#torrent
    const bytes = await this.#storage.read(piece * pieceLength, this.#torrent.pieceSize(piece))
    const right = await checkPiece(this.#torrent, piece, bytes)
    this.#unread.delete(piece)
    if (!right) this.#wrong.add(piece)
    return right ? bytes : undefined
  }
}
