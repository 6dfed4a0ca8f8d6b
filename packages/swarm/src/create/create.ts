import { readInfo, readTorrent, type Torrent } from '../codec/metainfo.ts'
import { isTreeLength } from '../codec/metainfo-pieces.ts'
import type { TorrentVersion } from '../codec/metainfo-version.ts'
import { encodeInfo, encodeTorrent, inTreeOrder } from './info.ts'
import type { CreateTorrentInit } from './init.ts'
import { hashAligned, hashFlat } from './hashes.ts'
import { TorrentError } from '../errors.ts'
import { limits } from '../limits.ts'

export type { CreateProgress, CreateTorrentInit, SourceFile } from './init.ts'

/** A torrent and the `.torrent` file that says the same. */
export interface CreatedTorrent {
  readonly torrent: Torrent
  readonly bytes: Uint8Array
}

/**
 * Hashes files into a torrent, a piece at a time. The same names, bytes, piece length and version
 * give the same info-hash on every machine, and the same as libtorrent's: no date, no client name,
 * no secret goes in.
 *
 * @throws {TorrentError} when a name is not safe everywhere, when there is nothing to share, or when
 * a file changed while it was read
 *
 * @example
 *
 * ```ts
 * const text = new TextEncoder().encode('hello')
 * const { torrent } = await createTorrent({
 *   name: 'hello.txt',
 *   files: [{ path: [], length: text.length }],
 *   read: async (_file, offset, length) => text.subarray(offset, offset + length)
 * })
 * ```
 */
export async function createTorrent(init: CreateTorrentInit): Promise<CreatedTorrent> {
  const { version = 1 } = init
  const total = init.files.reduce((sum, file) => sum + file.length, 0)
  const pieceLength = init.pieceLength ?? choosePieceLength(total)
  assertPieceLength(pieceLength, version)
  const files = version === 1 ? init.files : inTreeOrder(init.files)
  const plan = { ...init, files, version, pieceLength }
  // names and sizes first, hashes still to come: nobody wants to hear of a bad name after an hour
  const draft = readInfo(encodeInfo(plan))
  if (draft instanceof TorrentError) throw draft
  const hashes = await (version === 1 ? hashFlat(plan, total) : hashAligned(plan, total))
  const bytes = encodeTorrent(plan, hashes)
  const torrent = readTorrent(bytes)
  if (torrent instanceof TorrentError) throw torrent
  return { torrent, bytes }
}

/** The piece length {@link createTorrent} chooses for this many bytes. */
export function choosePieceLength(total: number): number {
  const { smallestPiece, largestPiece, pieces: most } = limits.create
  let length: number = smallestPiece
  while (length < largestPiece && total / length > most) length *= 2
  return length
}

function assertPieceLength(length: number, version: TorrentVersion): void {
  const { smallestPiece, largestPiece } = limits.metainfo
  if (!(length >= smallestPiece && length <= largestPiece)) {
    throw new TorrentError('piece-length', `pieces have ${smallestPiece} to ${largestPiece} bytes`)
  }
  if (version === 1 || isTreeLength(length)) return
  const rule = 'a power of two and at least 16 KiB'
  throw new TorrentError('piece-length', `pieces have ${rule} from version 2 on, not ${length}`)
}
