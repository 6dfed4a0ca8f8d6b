import { noise } from '@peerage/testbed'
import { checkPiece } from '../../src/check-piece.ts'
import { encodeBencode, type BencodeInput } from '../../src/codec/bencode-encode.ts'
import type { TorrentVersion } from '../../src/codec/metainfo-version.ts'
import type { Torrent } from '../../src/codec/metainfo.ts'
import { createTorrent } from '../../src/create/create.ts'
import { TorrentError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'

export const kib = 1024

/** A torrent of noise with files of these lengths, and its bytes. */
export async function noiseTorrent(
  files: Readonly<Record<string, number>>,
  pieceLength = 16 * kib,
  version: TorrentVersion = 1
): Promise<{ torrent: Torrent; data: Uint8Array; bytes: Uint8Array }> {
  const sources: { path: string[]; length: number; offset: number }[] = []
  let offset = 0
  for (const [path, length] of Object.entries(files)) {
    sources.push({ path: path.split('/'), length, offset })
    offset += length
  }
  const data = noise(offset)
  const created = await createTorrent({
    name: 'sample',
    files: sources,
    pieceLength,
    version,
    read: async (file, at, length) => {
      const { offset: from } = sources.find((source) => source === file)!
      return data.subarray(from + at, from + at + length)
    }
  })
  return { ...created, data }
}

/** Fields of a small good info dictionary, to be broken one at a time. */
export const goodInfo = {
  name: 'sample.bin',
  length: 40 * kib,
  'piece length': 16 * kib,
  pieces: new Uint8Array(60)
} satisfies BencodeInput

/** A `.torrent` of this info dictionary. */
export function torrentOf(info: BencodeInput): Uint8Array {
  return encodeBencode({ info })
}

/** An info dictionary with files of one KiB under these paths. */
export function infoOf(paths: readonly (readonly (string | Uint8Array)[])[]) {
  return {
    name: 'folder',
    files: paths.map((path) => ({ length: kib, path })),
    'piece length': 16 * kib,
    pieces: new Uint8Array(20 * Math.ceil(paths.length / 16))
  }
}

/** The error, or a failed test. */
export function refusal(result: Torrent | TorrentError): TorrentError {
  if (result instanceof TorrentError) return result
  throw new Error(`${result.name} was accepted`)
}

/** The torrent, or a failed test that says why not. */
export function accepted(result: Torrent | TorrentError): Torrent {
  if (result instanceof TorrentError) throw result
  return result
}

/** One character per byte. */
export function binary(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Checks pieces as a swarm does, and keeps account of which. */
export function pieceChecker(torrent: Torrent, storage: Pick<Storage, 'read'>) {
  const checked: number[] = []
  const check = async (piece: number): Promise<boolean> => {
    checked.push(piece)
    const bytes = await storage.read(piece * torrent.pieceLength, torrent.pieceSize(piece))
    return checkPiece(torrent, piece, bytes)
  }
  return { check, checked }
}

/** The pieces of a bitfield. */
export function piecesOf(bitfield: Uint8Array): number[] {
  const pieces = Array.from({ length: bitfield.length * 8 }, (_, piece) => piece)
  return pieces.filter((piece) => (bitfield[piece >> 3]! & (0x80 >> (piece & 7))) !== 0)
}
