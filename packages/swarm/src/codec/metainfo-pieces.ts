import type { TorrentError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { BencodeDictionary } from './bencode.ts'
import { missing, refuse } from './fields.ts'
import { blockLength } from './merkle.ts'
import type { TorrentVersion } from './metainfo-version.ts'

/** Bytes in a piece. In version 2 a piece is a subtree of blocks, so a power of two of them. */
export function readPieceLength(
  info: BencodeDictionary,
  version: TorrentVersion
): number | TorrentError {
  const { smallestPiece, largestPiece } = limits.metainfo
  const length = info['piece length']
  if (typeof length !== 'number') return missing('piece length', length)
  if (length < smallestPiece || length > largestPiece) {
    const range = `${smallestPiece} to ${largestPiece}`
    return refuse('piece-length', `pieces of ${length} bytes; this version takes ${range}`)
  }
  if (version === 1 || isTreeLength(length)) return length
  const rule = `version 2 has powers of two from ${blockLength} on`
  return refuse('piece-length', `pieces of ${length} bytes; ${rule}`)
}

/** Whether version 2 can have pieces of this length. */
export function isTreeLength(length: number): boolean {
  return length >= blockLength && Number.isInteger(Math.log2(length))
}

/** Version 1's piece hashes, as many as there are pieces; version 2 has none. */
export function readHashes(
  info: BencodeDictionary,
  version: TorrentVersion,
  extent: number,
  pieceLength: number
): Uint8Array | undefined | TorrentError {
  const count = Math.ceil(extent / pieceLength)
  const { pieces: most } = limits.metainfo
  const hashes = info['pieces']
  if (version !== 2 && !(hashes instanceof Uint8Array)) return missing('pieces', hashes)
  if (count > most) return refuse('piece-count', `${count} pieces; this version takes ${most}`)
  if (!(hashes instanceof Uint8Array) || hashes.length === count * 20) return hashes as undefined
  return refuse(
    'piece-count',
    `${extent} bytes make ${count} pieces, but there are ${hashes.length} bytes of piece hashes`
  )
}
