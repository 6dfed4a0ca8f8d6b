import type { AbortOptions } from '@libp2p/interface'
import type { TorrentVersion } from '../codec/metainfo-version.ts'

/** A file to be put into a torrent. */
export interface SourceFile {
  /** below the torrent's name; empty when the torrent is this one file */
  readonly path: readonly string[]
  /** bytes */
  readonly length: number
}

/** How far the hashing is. */
export interface CreateProgress {
  readonly hashed: number
  readonly total: number
}

export interface CreateTorrentInit extends AbortOptions {
  /** the file's name, or the folder's when there are several files */
  name: string
  /**
   * In version 1 in the order in which the pieces are to run through them; the order is part of the
   * info-hash. Version 2 and hybrids have the order of BEP 52, whatever it is here.
   */
  files: readonly SourceFile[]
  /** `length` bytes of a file from `offset` on; asked for in order, never past the file's end */
  read: (file: SourceFile, offset: number, length: number) => Promise<Uint8Array>
  /**
   * 1: for every client there is. 2: SHA-256, one hash tree a file, for libtorrent 2 and its like
   * (BEP 52). `'hybrid'`: for both, at the price of both hashes and of padding.
   *
   * @default 1
   */
  version?: TorrentVersion
  /**
   * Bytes in a piece; from version 2 on a power of two and at least 16 KiB.
   *
   * @default the smallest power of two from 16 KiB that makes at most 1,500 pieces, up to 8 MiB
   */
  pieceLength?: number
  /**
   * Peers come from the trackers only (BEP 27).
   *
   * @default false
   */
  private?: boolean
  /** Tracker addresses in tiers (BEP 12). */
  trackers?: readonly (readonly string[])[]
  /** Called after every piece. */
  onProgress?: (progress: CreateProgress) => void
}

/** What is to be made, with nothing left to choose and the files in their final order. */
export interface Plan extends CreateTorrentInit {
  version: TorrentVersion
  pieceLength: number
}
