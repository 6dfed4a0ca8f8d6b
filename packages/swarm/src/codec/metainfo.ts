import { sha1 } from '@noble/hashes/legacy.js'
import { BencodeError, TorrentError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBencode, type Bencode, type BencodeDictionary } from './bencode.ts'
import { isDictionary, missing, refuse } from './fields.ts'
import { readFiles, type TorrentFile } from './metainfo-files.ts'
import { toHex } from './text.ts'
import { readTrackers } from './trackers.ts'

/** A checked torrent: whoever has one of these need not check again. BEP 3, version 1. */
export interface Torrent {
  /** SHA-1 of the raw info dictionary, 20 bytes */
  readonly infoHash: Uint8Array
  /** the content's id everywhere in Peerage: `btih:` and 40 hexadecimal digits */
  readonly id: string
  readonly name: string
  /** bytes, all files and their padding together; at least 1 */
  readonly length: number
  /** bytes in every piece but the last */
  readonly pieceLength: number
  readonly pieceCount: number
  readonly files: readonly TorrentFile[]
  /** peers come from the given trackers only (BEP 27) */
  readonly private: boolean
  /** tracker addresses in tiers (BEP 12); not covered by the info-hash */
  readonly trackers: readonly (readonly string[])[]
  /** the raw info dictionary, as it is hashed and as it is given to peers (BEP 9) */
  readonly info: Uint8Array
  /**
   * SHA-1 of a piece, 20 bytes.
   *
   * @throws {RangeError} when there is no such piece
   */
  pieceHash(index: number): Uint8Array
  /**
   * Bytes in a piece; the last may be shorter.
   *
   * @throws {RangeError} when there is no such piece
   */
  pieceSize(index: number): number
}

/** Reads a `.torrent` file. */
export function readTorrent(bytes: Uint8Array): Torrent | TorrentError {
  const decoded = decode(bytes, 'the .torrent file')
  if (decoded instanceof TorrentError) return decoded
  const { value, info } = decoded
  if (info === undefined || !isDictionary(value)) {
    return refuse('info-missing', 'this is not a .torrent file: it has no info dictionary')
  }
  return build(info, value['info'], readTrackers(value))
}

/** Reads an info dictionary, as peers send it to whoever has only a magnet (BEP 9). */
export function readInfo(
  bytes: Uint8Array,
  trackers: readonly (readonly string[])[] = []
): Torrent | TorrentError {
  const decoded = decode(bytes, 'the info dictionary')
  return decoded instanceof TorrentError ? decoded : build(bytes, decoded.value, trackers)
}

/**
 * Reads a `.torrent` file.
 *
 * @throws {TorrentError} when it is broken or not safe to download
 */
export function parseTorrent(bytes: Uint8Array): Torrent {
  const torrent = readTorrent(bytes)
  if (torrent instanceof TorrentError) throw torrent
  return torrent
}

function decode(bytes: Uint8Array, what: string) {
  if (bytes.length > limits.metainfo.size) {
    return refuse('size', `${what} is larger than ${limits.metainfo.size} bytes`)
  }
  const decoded = decodeBencode(bytes)
  if (!(decoded instanceof BencodeError)) return decoded
  const message = `${what} is damaged, or is none: ${decoded.message}`
  return new TorrentError('bencode', message, { cause: decoded })
}

function build(
  raw: Uint8Array,
  info: Bencode | undefined,
  trackers: readonly (readonly string[])[]
): Torrent | TorrentError {
  if (!isDictionary(info)) return refuse('field-type', 'the info dictionary is not a dictionary')
  const listed = readFiles(info)
  if (listed instanceof TorrentError) return listed
  const pieces = readPieces(info, listed.length)
  if (pieces instanceof TorrentError) return pieces
  // copies: whoever read the file may use the buffer again
  const kept = raw.slice()
  const hash = sha1(kept)
  return assemble({
    infoHash: hash,
    id: `btih:${toHex(hash)}`,
    name: listed.name,
    length: listed.length,
    pieceLength: pieces.pieceLength,
    files: listed.files,
    private: info['private'] === 1,
    trackers,
    info: kept,
    hashes: pieces.hashes.slice()
  })
}

interface Parts extends Omit<Torrent, 'pieceCount' | 'pieceHash' | 'pieceSize'> {
  readonly hashes: Uint8Array
}

function assemble({ hashes, ...fields }: Parts): Torrent {
  const pieceCount = hashes.length / 20
  const inside = (index: number) => {
    if (Number.isInteger(index) && index >= 0 && index < pieceCount) return index
    throw new RangeError(`there is no piece ${index}; the torrent has ${pieceCount}`)
  }
  return {
    ...fields,
    pieceCount,
    pieceHash: (index) => hashes.subarray(inside(index) * 20, index * 20 + 20),
    pieceSize: (index) =>
      Math.min(fields.pieceLength, fields.length - inside(index) * fields.pieceLength)
  }
}

function readPieces(info: BencodeDictionary, length: number) {
  const { smallestPiece, largestPiece, pieces: most } = limits.metainfo
  const pieceLength = info['piece length']
  if (typeof pieceLength !== 'number') return missing('piece length', pieceLength)
  if (pieceLength < smallestPiece || pieceLength > largestPiece) {
    const range = `${smallestPiece} to ${largestPiece}`
    return refuse('piece-length', `pieces of ${pieceLength} bytes; this version takes ${range}`)
  }
  const hashes = info['pieces']
  if (!(hashes instanceof Uint8Array)) return withoutPieces(info)
  const count = Math.ceil(length / pieceLength)
  if (count > most) return refuse('piece-count', `${count} pieces; this version takes ${most}`)
  if (hashes.length !== count * 20) {
    return refuse(
      'piece-count',
      `${length} bytes make ${count} pieces, but there are ${hashes.length} bytes of piece hashes`
    )
  }
  return { pieceLength, hashes }
}

function withoutPieces(info: BencodeDictionary): TorrentError {
  if (info['meta version'] !== 2) return missing('pieces', info['pieces'])
  return refuse('version', 'this is a version 2 torrent; this version reads 1 and hybrids')
}
