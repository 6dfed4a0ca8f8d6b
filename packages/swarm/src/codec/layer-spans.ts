import { limits } from '../limits.ts'
import { binaryString, sameBytes } from './bytes.ts'
import type { HashSpan } from './hash-span.ts'
import { blockLength, hashLength, rootFrom, widthOf, type Hash } from './merkle.ts'
import type { Torrent } from './metainfo.ts'
import { needsLayer } from './piece-layers.ts'

/** A span to be asked for, and how many of its hashes are no filling. */
export interface LayerSpan extends HashSpan {
  readonly count: number
  /** hashes of the whole layer */
  readonly of: number
}

/**
 * All that is to be asked for a torrent's piece layers, each span with its whole proof, so that it
 * can be checked by itself. Files that are alike have one tree.
 */
export function* layerSpans({
  files,
  pieceLength
}: Pick<Torrent, 'files' | 'pieceLength'>): Generator<LayerSpan, undefined> {
  const base = Math.log2(pieceLength / blockLength)
  const seen = new Set<string>()
  for (const file of files) {
    if (!needsLayer(file, pieceLength) || seen.has(binaryString(file.piecesRoot))) continue
    const root = file.piecesRoot
    seen.add(binaryString(root))
    const of = Math.ceil(file.length / pieceLength)
    const proofs = Math.log2(widthOf(of)) - 1
    for (let index = 0; index < of; index += limits.hashes.length) {
      const count = Math.min(limits.hashes.length, of - index)
      // the last ones of a file may be few, but no fewer than two (BEP 52)
      yield { root, base, index, length: Math.max(2, widthOf(count)), proofs, count, of }
    }
  }
}

/** Whether hashes and their whole proof lead to the root of their file. */
export function isProven(span: HashSpan, hashes: Uint8Array, hash: Hash): boolean {
  const uncles: Uint8Array[] = []
  const end = span.length * hashLength
  for (let at = end; at < hashes.length; at += hashLength) {
    uncles.push(hashes.subarray(at, at + hashLength))
  }
  return sameBytes(rootFrom(hashes.subarray(0, end), span.index, uncles, hash), span.root)
}
