import type { Torrent } from '../codec/metainfo.ts'
import { StorageError } from '../errors.ts'
import { cutsOf } from './layout.ts'
import type { Storage } from './storage.ts'

/**
 * Keeps a torrent in memory: for tests, for browsers without a file system and for torrents that
 * are used once. Memory is taken piece by piece as it is written, and starts empty.
 */
export function memoryStorage(torrent: Torrent): Storage {
  const { pieceLength, extent } = torrent
  const pieces = new Map<number, Uint8Array>()
  return {
    read: async (offset, length, options) => {
      options?.signal?.throwIfAborted()
      const bytes = new Uint8Array(length)
      for (const { index: piece, at, from, to } of cutsOf(pieceLength, extent, offset, length)) {
        const kept = pieces.get(piece)
        if (kept === undefined) throw new StorageError(`piece ${piece} was never written`)
        bytes.set(kept.subarray(at, at + to - from), from)
      }
      return bytes
    },
    write: async (offset, bytes, options) => {
      options?.signal?.throwIfAborted()
      for (const { index: piece, at, from, to } of cutsOf(
        pieceLength,
        extent,
        offset,
        bytes.length
      )) {
        const kept = pieces.get(piece) ?? new Uint8Array(roomOf(torrent, piece))
        kept.set(bytes.subarray(from, to), at)
        pieces.set(piece, kept)
      }
    },
    sync: async () => {},
    // what was fetched stays readable; it goes when nobody holds the storage
    close: async () => {}
  }
}

/** A piece's place, which in version 2 may be larger than the piece. */
function roomOf({ pieceLength, extent }: Torrent, piece: number): number {
  return Math.min(pieceLength, extent - piece * pieceLength)
}
