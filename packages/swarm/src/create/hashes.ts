import { blockLength, hashLength, rootOf, widthOf } from '../codec/merkle.ts'
import type { Hashes } from './info.ts'
import type { Plan, SourceFile } from './init.ts'
import { TorrentError } from '../errors.ts'
import { blockHashes, sha1, sha256 } from '../hash.ts'

/** Version 1: the files' bytes end to end. */
export async function hashFlat(plan: Plan, total: number): Promise<Hashes> {
  const hashes = new Uint8Array(Math.ceil(total / plan.pieceLength) * 20)
  let hashed = 0
  for await (const piece of flatPieces(plan)) {
    hashes.set(await sha1(piece), Math.floor(hashed / plan.pieceLength) * 20)
    hashed += piece.length
    plan.onProgress?.({ hashed, total })
  }
  return { pieces: hashes, trees: new Map() }
}

/**
 * Version 2 and hybrids: every file begins with a piece. A hybrid's pieces are filled up with
 * zeros, but for the last of a torrent that is one file.
 */
export async function hashAligned(plan: Plan, total: number): Promise<Hashes> {
  const { files, pieceLength, version } = plan
  const trees = new Map<SourceFile, { root: Uint8Array; layer: Uint8Array }>()
  const pieces: Uint8Array[] = []
  const isOne = files.length === 1 && files[0]!.path.length === 0
  const buffer = new Uint8Array(pieceLength)
  let hashed = 0
  for (const file of files) {
    if (file.length === 0) continue
    const layer = new Uint8Array(Math.ceil(file.length / pieceLength) * hashLength)
    for (let at = 0; at < file.length; at += pieceLength) {
      const length = Math.min(pieceLength, file.length - at)
      await fill(plan, file, at, buffer.subarray(0, length))
      const leaves = await blockHashes(buffer.subarray(0, length))
      // a file of one piece is as wide as its blocks need, others' pieces are all of one width
      const width = widthOf((file.length > pieceLength ? pieceLength : length) / blockLength)
      layer.set(rootOf(leaves, sha256, { width }), (at / pieceLength) * hashLength)
      const padded = buffer.fill(0, length).subarray(0, isOne ? length : pieceLength)
      if (version === 'hybrid') pieces.push(await sha1(padded))
      hashed += length
      plan.onProgress?.({ hashed, total })
    }
    const height = Math.log2(pieceLength / blockLength)
    const root = file.length > pieceLength ? rootOf(layer, sha256, { height }) : layer
    trees.set(file, { root, layer })
  }
  return { pieces: join(pieces), trees }
}

/** The files' bytes in pieces; each is only good until the next is asked for. */
async function* flatPieces(plan: Plan): AsyncGenerator<Uint8Array> {
  const { files, pieceLength } = plan
  const piece = new Uint8Array(pieceLength)
  let filled = 0
  for (const file of files) {
    for (let at = 0; at < file.length;) {
      const length = Math.min(pieceLength - filled, file.length - at)
      await fill(plan, file, at, piece.subarray(filled, filled + length))
      filled += length
      at += length
      if (filled < pieceLength) continue
      yield piece
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}

async function fill(init: Plan, file: SourceFile, at: number, into: Uint8Array): Promise<void> {
  init.signal?.throwIfAborted()
  const bytes = await init.read(file, at, into.length)
  if (bytes.length === into.length) return into.set(bytes)
  const path = [init.name, ...file.path].join('/')
  throw new TorrentError('length', `"${path}" changed while it was read; try again`)
}

function join(hashes: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(hashes.length * 20)
  for (const [index, hash] of hashes.entries()) all.set(hash, index * 20)
  return all
}
