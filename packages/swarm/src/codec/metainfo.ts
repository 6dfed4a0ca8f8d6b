import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { BencodeError, TorrentError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBencode, type Bencode, type BencodeDictionary } from './bencode.ts'
import { formatId } from './content-id.ts'
import { isDictionary, refuse } from './fields.ts'
import { readFileTree } from './file-tree.ts'
import { unite } from './hybrid.ts'
import { readFiles, type Listing, type TorrentFile } from './metainfo-files.ts'
import { readHashes, readPieceLength } from './metainfo-pieces.ts'
import { readVersion, type TorrentVersion } from './metainfo-version.ts'
import { readLayers } from './piece-layers.ts'
import { PieceTrees, type PieceTree } from './piece-trees.ts'
import { readTrackers } from './trackers.ts'

/** A checked torrent: whoever has one of these need not check again. BEPs 3, 47 and 52. */
export interface Torrent {
  /** `'hybrid'`: 1 and 2 at once, for clients of either */
  readonly version: TorrentVersion
  /**
   * What peers and trackers know it by, 20 bytes: SHA-1 of the raw info dictionary; of a version 2
   * torrent SHA-256, cut.
   */
  readonly infoHash: Uint8Array
  /** SHA-256 of the raw info dictionary, 32 bytes; of version 2 and of hybrids */
  readonly infoHashV2?: Uint8Array
  /**
   * The content's id everywhere in Peerage: `btih:` and 40 hexadecimal digits; of a version 2
   * torrent `btmh:1220` and 64.
   */
  readonly id: string
  readonly name: string
  /** bytes that are fetched: all files and, except in version 2, their padding; at least 1 */
  readonly length: number
  /**
   * Where the one flat range ends in which files and pieces have their places. More than `length`
   * in version 2, where files begin with a piece and nothing lies between them.
   */
  readonly extent: number
  /** bytes in every piece but the last, and in version 2 the last of each file */
  readonly pieceLength: number
  readonly pieceCount: number
  readonly files: readonly TorrentFile[]
  /** peers come from the given trackers only (BEP 27) */
  readonly private: boolean
  /** tracker addresses in tiers (BEP 12); not covered by the info-hash */
  readonly trackers: readonly (readonly string[])[]
  /** the raw info dictionary, as it is hashed and as it is given to peers (BEP 9) */
  readonly info: Uint8Array
  /** every piece can be verified: false for version 2 metadata without its piece layers */
  readonly verifiable: boolean
  /**
   * SHA-1 of a piece, 20 bytes; undefined in version 2.
   *
   * @throws {RangeError} when there is no such piece
   */
  pieceHash(index: number): Uint8Array | undefined
  /**
   * The piece's part of its file's hash tree; undefined in version 1, and while the file's piece
   * layer is not known.
   *
   * @throws {RangeError} when there is no such piece
   */
  pieceTree(index: number): PieceTree | undefined
  /**
   * Bytes in a piece.
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
  return build(info, value['info'], readTrackers(value), { layers: value['piece layers'] })
}

/**
 * Reads an info dictionary, as peers send it to whoever has only a magnet (BEP 9). It has no piece
 * layers in it: see {@link Torrent.verifiable}.
 *
 * @param layers those layers, by their files' roots (one character per byte), once they are known
 */
export function readInfo(
  bytes: Uint8Array,
  trackers: readonly (readonly string[])[] = [],
  layers?: Readonly<Record<string, Uint8Array>>
): Torrent | TorrentError {
  const decoded = decode(bytes, 'the info dictionary')
  if (decoded instanceof TorrentError) return decoded
  return build(bytes, decoded.value, trackers, layers && { layers })
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
  trackers: readonly (readonly string[])[],
  beside?: { readonly layers: Bencode | undefined }
): Torrent | TorrentError {
  if (!isDictionary(info)) return refuse('field-type', 'the info dictionary is not a dictionary')
  // before all else, so that what is too new is called that (BEP 52)
  const version = readVersion(info)
  if (version instanceof TorrentError) return version
  const pieceLength = readPieceLength(info, version)
  if (pieceLength instanceof TorrentError) return pieceLength
  const listing = readListing(info, version, pieceLength)
  if (listing instanceof TorrentError) return listing
  const hashes = readHashes(info, version, listing.extent, pieceLength)
  if (hashes instanceof TorrentError) return hashes
  const files =
    beside === undefined
      ? listing.files
      : readLayers(beside.layers, listing.files, pieceLength, sha256)
  if (files instanceof TorrentError) return files
  const identity = identify(raw, version)
  return assemble({
    ...identity,
    name: listing.name,
    extent: listing.extent,
    pieceLength,
    files,
    private: info['private'] === 1,
    trackers,
    hashes: hashes && sameIn(identity.info, hashes, raw)
  })
}

/** Where a part of the original lies in its copy: kept twice, hashes would be most of a torrent. */
function sameIn(copy: Uint8Array, part: Uint8Array, original: Uint8Array): Uint8Array {
  const from = part.byteOffset - original.byteOffset
  return copy.subarray(from, from + part.byteLength)
}

function readListing(
  info: BencodeDictionary,
  version: TorrentVersion,
  pieceLength: number
): Listing | TorrentError {
  const old = version === 2 ? undefined : readFiles(info)
  if (version === 1 || old instanceof TorrentError) return old!
  const tree = readFileTree(info, pieceLength)
  return old === undefined || tree instanceof TorrentError ? tree : unite(old, tree, pieceLength)
}

function identify(raw: Uint8Array, version: TorrentVersion) {
  // copies: whoever read the file may use the buffer again
  const info = raw.slice()
  const infoHashV2 = version === 1 ? undefined : sha256(info)
  const infoHash = version === 2 ? infoHashV2!.slice(0, 20) : sha1(info)
  const id = formatId(version === 2 ? infoHashV2! : infoHash)
  return { version, infoHash, id, info, ...(infoHashV2 && { infoHashV2 }) }
}

type Built = 'length' | 'pieceCount' | 'verifiable' | 'pieceHash' | 'pieceTree' | 'pieceSize'

interface Parts extends Omit<Torrent, Built> {
  readonly hashes: Uint8Array | undefined
}

function assemble({ hashes, ...fields }: Parts): Torrent {
  const { version, files, extent, pieceLength } = fields
  const pieceCount = Math.ceil(extent / pieceLength)
  const trees = new PieceTrees(files, pieceLength)
  const inside = (index: number) => {
    if (Number.isInteger(index) && index >= 0 && index < pieceCount) return index
    throw new RangeError(`there is no piece ${index}; the torrent has ${pieceCount}`)
  }
  return {
    ...fields,
    length: version === 2 ? sizeOf(files) : extent,
    pieceCount,
    verifiable: hashes !== undefined || trees.complete,
    pieceHash: (index) => hashes?.subarray(inside(index) * 20, index * 20 + 20),
    pieceTree: (index) => (version === 1 ? undefined : trees.of(inside(index))),
    pieceSize: (index) =>
      version === 2
        ? trees.dataIn(inside(index))
        : Math.min(pieceLength, extent - inside(index) * pieceLength)
  }
}

function sizeOf(files: readonly TorrentFile[]): number {
  return files.reduce((sum, { length, pad }) => (pad ? sum : sum + length), 0)
}
