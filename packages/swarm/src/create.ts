import type { AbortOptions } from '@libp2p/interface'
import { encodeBencode } from './codec/bencode-encode.ts'
import { readTorrent, type Torrent } from './codec/metainfo.ts'
import { TorrentError } from './errors.ts'
import { sha1 } from './hash.ts'
import { limits } from './limits.ts'

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
  /** in the order in which the pieces are to run through them; the order is part of the info-hash */
  files: readonly SourceFile[]
  /** `length` bytes of a file from `offset` on; asked for in order, never past the file's end */
  read: (file: SourceFile, offset: number, length: number) => Promise<Uint8Array>
  /**
   * Bytes in a piece.
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

/** A torrent and the `.torrent` file that says the same. */
export interface CreatedTorrent {
  readonly torrent: Torrent
  readonly bytes: Uint8Array
}

/**
 * Hashes files into a torrent, a piece at a time. The same names, bytes and piece length give the
 * same info-hash on every machine: no date, no client name, no secret goes in.
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
  const total = init.files.reduce((sum, file) => sum + file.length, 0)
  const pieceLength = init.pieceLength ?? choosePieceLength(total)
  const { smallestPiece, largestPiece } = limits.metainfo
  if (!(pieceLength >= smallestPiece && pieceLength <= largestPiece)) {
    throw new TorrentError('piece-length', `pieces have ${smallestPiece} to ${largestPiece} bytes`)
  }
  const hashes = new Uint8Array(Math.ceil(total / pieceLength) * 20)
  // names and sizes first, hashes still empty: nobody wants to hear of a bad name after an hour
  encode(init, pieceLength, hashes)
  let hashed = 0
  for await (const piece of pieces(init, pieceLength)) {
    hashes.set(await sha1(piece), Math.floor(hashed / pieceLength) * 20)
    hashed += piece.length
    init.onProgress?.({ hashed, total })
  }
  return encode(init, pieceLength, hashes)
}

/** The piece length {@link createTorrent} chooses for this many bytes. */
export function choosePieceLength(total: number): number {
  const { smallestPiece, largestPiece, pieces: most } = limits.create
  let length: number = smallestPiece
  while (length < largestPiece && total / length > most) length *= 2
  return length
}

/** The files' bytes in pieces; each is only good until the next is asked for. */
async function* pieces(init: CreateTorrentInit, pieceLength: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(pieceLength)
  let filled = 0
  for (const file of init.files) {
    for (let at = 0; at < file.length;) {
      init.signal?.throwIfAborted()
      const length = Math.min(pieceLength - filled, file.length - at)
      const bytes = await init.read(file, at, length)
      if (bytes.length !== length) throw changed(init, file)
      piece.set(bytes, filled)
      filled += length
      at += length
      if (filled < pieceLength) continue
      yield piece
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}

function encode(init: CreateTorrentInit, pieceLength: number, hashes: Uint8Array): CreatedTorrent {
  const [only] = init.files
  const files =
    init.files.length === 1 && only?.path.length === 0
      ? { length: only.length }
      : { files: init.files.map(({ path, length }) => ({ path, length })) }
  const bytes = encodeBencode({
    announce: init.trackers?.[0]?.[0],
    'announce-list': init.trackers,
    info: {
      ...files,
      name: init.name,
      'piece length': pieceLength,
      pieces: hashes,
      private: init.private === true ? 1 : undefined
    }
  })
  const torrent = readTorrent(bytes)
  if (torrent instanceof TorrentError) throw torrent
  return { torrent, bytes }
}

function changed({ name }: CreateTorrentInit, { path }: SourceFile): TorrentError {
  const file = [name, ...path].join('/')
  return new TorrentError('length', `"${file}" changed while it was read; try again`)
}
