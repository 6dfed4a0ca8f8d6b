import type { AbortOptions } from '@libp2p/interface'
import { asError } from '@peerage/wire'
import { checkPiece, judgePiece } from './check-piece.ts'
import { sameBytes } from './codec/bytes.ts'
import { layerSpans } from './codec/layer-spans.ts'
import { readInfo, type Torrent } from './codec/metainfo.ts'
import { Bitfield } from './core/bitfield.ts'
import type { StorageWork, TorrentResult } from './core/vocabulary.ts'
import { ContradictionError, DiskFullError, TorrentError } from './errors.ts'
import { FirstReads } from './first-reads.ts'
import { sha1, sha256 } from './hash.ts'
import type { Storage } from './storage/storage.ts'

export interface KeeperInit {
  /** what peers know it by, 20 bytes */
  infoHash: Uint8Array
  /** SHA-256 of the info dictionary, 32 bytes, of version 2 and of hybrids */
  infoHashV2?: Uint8Array | undefined
  storage: (torrent: Torrent) => Storage | Promise<Storage>
  /** a priority for each file, 0 (unwanted) to 7; undefined when all are wanted alike */
  select?: (torrent: Torrent) => readonly number[] | undefined
  /** Takes a magnet's torrent up under all its hashes. @returns why that cannot be */
  claim?: (torrent: Torrent) => Error | undefined
  /** all pieces are said to be there: each is hashed when it is first read, and none before */
  trusted?: boolean
}

/** What there is of a torrent, and what is wanted, when it begins. */
export interface Opened {
  /** the pieces that are there, as they go on the wire */
  have: Uint8Array
  files: readonly number[] | undefined
}

/** Carries out a torrent's work on hash and disk. */
export class Keeper {
  readonly #init: KeeperInit
  #torrent: Torrent | undefined
  #storage: Storage | undefined
  /** of a storage that is trusted */
  #firstReads: FirstReads | undefined

  constructor(init: KeeperInit) {
    this.#init = init
  }

  /** Opens the storage, says what is wanted and asks what it remembers. */
  async open(torrent: Torrent, options: AbortOptions = {}): Promise<Opened> {
    const files = this.#init.select?.(torrent)
    const storage = await this.#init.storage(torrent)
    this.#torrent = torrent
    this.#storage = storage
    options.signal?.throwIfAborted()
    if (this.#init.trusted) {
      this.#firstReads = new FirstReads(torrent, storage)
      return { have: Bitfield.full(torrent.pieceCount).toBytes(), files }
    }
    await this.#choose(torrent, files)
    const check = async (piece: number, checking?: AbortOptions): Promise<boolean> => {
      const offset = piece * torrent.pieceLength
      const bytes = await storage.read(offset, torrent.pieceSize(piece), checking)
      return checkPiece(torrent, piece, bytes)
    }
    const none = new Bitfield(torrent.pieceCount)
    return { have: (await storage.remembered?.(check, options)) ?? none.toBytes(), files }
  }

  /** Without room for what is wanted now, what is there can be given all the same. */
  async #choose({ files }: Torrent, priorities: readonly number[] | undefined): Promise<void> {
    try {
      await this.#storage?.want?.(files.map((_, file) => priorities?.[file] !== 0))
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
    }
  }

  async close(): Promise<void> {
    await this.#storage?.close()
  }

  /** Never rejects. */
  async carryOut(work: StorageWork, signal: AbortSignal): Promise<TorrentResult> {
    try {
      if (work.type === 'store') return await this.#store(work.piece, work.bytes)
      if (work.type === 'adopt') return await this.#adopt(work, signal)
      if (work.type === 'read') return await this.#read(work, signal)
      await this.#opened().storage.want?.(work.files)
      return { type: 'wanted' }
    } catch (reason) {
      return { type: 'failed', error: asError(reason) }
    }
  }

  async #read(
    { piece, begin, length }: StorageWork & { type: 'read' },
    signal: AbortSignal
  ): Promise<TorrentResult> {
    const { torrent, storage } = this.#opened()
    const offset = piece * torrent.pieceLength + begin
    const bytes =
      this.#firstReads === undefined
        ? await storage.read(offset, length, { signal })
        : await this.#firstReads.read(piece, begin, length, { signal })
    return bytes === undefined ? { type: 'corrupt' } : { type: 'read', bytes }
  }

  /** Verified, then written, then noted: no other order (a crash may come between any two). */
  async #store(piece: number, bytes: Uint8Array): Promise<TorrentResult> {
    const { torrent, storage } = this.#opened()
    const verdict = await judgePiece(torrent, piece, bytes)
    if (verdict === 'wrong') return { type: 'corrupt' }
    if (verdict === 'contradictory') {
      return { type: 'refused', error: new ContradictionError(torrent.id, piece) }
    }
    // not to be aborted: a piece half written is one more to check after the next start
    await storage.write(piece * torrent.pieceLength, bytes)
    this.#firstReads?.stored(piece)
    await storage.remember?.(piece)
    return { type: 'stored' }
  }

  async #adopt(
    { info, layers }: StorageWork & { type: 'adopt' },
    signal: AbortSignal
  ): Promise<TorrentResult> {
    if (!(await this.#isOurs(info))) return { type: 'corrupt' }
    const torrent = readInfo(info, [], layers === 'none' ? undefined : layers)
    if (torrent instanceof TorrentError) return { type: 'refused', error: torrent }
    const layered = layerSpans(torrent).next().done !== true
    if (layered && layers === undefined) return { type: 'layerless', torrent }
    const taken = this.#init.claim?.(torrent)
    if (taken !== undefined) return { type: 'refused', error: taken }
    try {
      return { type: 'adopted', torrent, ...(await this.open(torrent, { signal })) }
    } catch (reason) {
      return { type: 'refused', error: asError(reason) }
    }
  }

  /** Whether every hash that is known of the info dictionary is right. */
  async #isOurs(info: Uint8Array): Promise<boolean> {
    const { infoHash, infoHashV2 } = this.#init
    if (infoHashV2 !== undefined && !sameBytes(sha256(info), infoHashV2)) return false
    // of version 2 alone, the one is the beginning of the other
    if (infoHashV2 !== undefined && sameBytes(infoHashV2.subarray(0, 20), infoHash)) return true
    return sameBytes(await sha1(info), infoHash)
  }

  #opened(): { torrent: Torrent; storage: Storage } {
    if (this.#torrent == null || this.#storage == null) throw new Error('no storage is open')
    return { torrent: this.#torrent, storage: this.#storage }
  }
}
