import type { BencodeFault, TorrentFault } from './faults.ts'

export type { BencodeFault, PathFault, TorrentFault } from './faults.ts'

/** Bytes that are not canonical bencode. Decoders return it as a value; they never throw it. */
export class BencodeError extends Error {
  static override name = 'BencodeError'
  override name = 'BencodeError'
  readonly fault: BencodeFault
  /** where in the input, counted from 0 */
  readonly at: number

  constructor(fault: BencodeFault, at: number, message: string) {
    super(`${message}, at byte ${at}`)
    this.fault = fault
    this.at = at
  }
}

/** A hybrid torrent whose two versions hash different bytes: no copy of it can be right by both. */
export class ContradictionError extends Error {
  static override name = 'ContradictionError'
  override name = 'ContradictionError'

  constructor(id: string, piece: number) {
    super(
      `${id} contradicts itself at piece ${piece}: get a torrent of version 1 or 2 of it instead`
    )
  }
}

/** A torrent that is broken or not safe to download. Readers return it; `parseTorrent` throws it. */
export class TorrentError extends Error {
  static override name = 'TorrentError'
  override name = 'TorrentError'
  readonly fault: TorrentFault

  constructor(fault: TorrentFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

/** A link that is not a magnet this version can use. */
export class MagnetError extends Error {
  static override name = 'MagnetError'
  override name = 'MagnetError'
}

/** Files could not be read or written; the message names the file and what to do next. */
export class StorageError extends Error {
  static override name = 'StorageError'
  override name = 'StorageError'
}

/** The disk, or the user's share of it, is full. What was verified stays; free space and go on. */
export class DiskFullError extends Error {
  static override name = 'DiskFullError'
  override name = 'DiskFullError'
}

/** The torrent takes part already; `swarm.get(id)` has its transfer. */
export class TransferExistsError extends Error {
  static override name = 'TransferExistsError'
  override name = 'TransferExistsError'
}

/** The transfer was stopped before everything was here. What was verified stays; add it again. */
export class TransferStoppedError extends Error {
  static override name = 'TransferStoppedError'
  override name = 'TransferStoppedError'
}
