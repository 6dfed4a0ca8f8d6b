import type { AbortOptions } from '@libp2p/interface'

/**
 * Where a torrent's bytes live. One flat range, 0 … `torrent.extent`: the files lie in it one after
 * another, as in the hashes. An implementation may be called concurrently for ranges that do not
 * overlap. `@peerage/swarm/storage-compliance` checks what is promised here.
 */
export interface Storage {
  /**
   * Exactly `length` bytes. Bytes never written may come back as zeros or as a rejection; padding is
   * zeros. With a signal that has aborted, this and {@link write} reject and do nothing.
   *
   * @throws {RangeError} the range is not in the torrent
   * @throws {StorageError} when they cannot be had
   */
  read(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array>

  /**
   * Resolves when the bytes will be read back, not when they are safe from a power cut.
   * `bytes` may be reused once it has resolved.
   *
   * @throws {RangeError} the range is not in the torrent
   * @throws {DiskFullError} when there is no room; other ranges stay as they are
   * @throws {StorageError}
   */
  write(offset: number, bytes: Uint8Array, options?: AbortOptions): Promise<void>

  /** Resolves when all that was written before the call is safe from a power cut. */
  sync(): Promise<void>

  /** Writes down what is pending and lets go of every handle. May be called twice. */
  close(): Promise<void>

  /**
   * Which files are wanted, one of them for each of `torrent.files`; until it is called, all are.
   * Called before {@link remembered} when files are chosen by then, and whenever that changes.
   *
   * Bytes of the others come too, with pieces they share: those need not be kept in files of their
   * own, but are read back like all others. When it rejects, what was there is there still, and the
   * call comes again.
   *
   * @throws {DiskFullError} when there is no room for files that are wanted now
   */
  want?(files: readonly boolean[]): Promise<void>

  /**
   * Which pieces are here and verified from an earlier run, as a bitfield in BEP 3's order (high
   * bit first). Called once, before all reading and writing. A
   * storage without it starts empty.
   *
   * @param check reads one piece through {@link read} and hashes it; resolves with false for
   * whatever reason it is not there
   */
  remembered?(check: CheckPiece, options?: AbortOptions): Promise<Uint8Array>

  /**
   * Notes that this piece was verified and its {@link write} has resolved. Until it resolves, the
   * piece is not announced: what was told must survive the process. Never rejects.
   */
  remember?(piece: number): void | Promise<void>
}

/** Reads and hashes one piece. */
export type CheckPiece = (piece: number, options?: AbortOptions) => Promise<boolean>
