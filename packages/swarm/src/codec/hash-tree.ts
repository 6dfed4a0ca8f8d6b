import { unclesIn, type HashSpan } from './hash-span.ts'
import { blockLength, hashLength, layersFrom, nodeAt, type Hash, type Layer } from './merkle.ts'

/** A file's hash tree from the layer of its pieces up, to answer hash requests from (BEP 52). */
export class HashTree {
  readonly #layers: Layer[]
  /** layers below that of the pieces */
  readonly #height: number

  /** @param pieceLayer the file's, as {@link TorrentFile} has it */
  constructor(pieceLayer: Uint8Array, pieceLength: number, hash: Hash) {
    this.#height = Math.log2(pieceLength / blockLength)
    this.#layers = [...layersFrom(pieceLayer, hash, { height: this.#height })]
  }

  /**
   * The hashes of a span and after them those of its proof.
   *
   * @param span one that keeps the rules of {@link hashSpanFault}
   * @returns undefined where the tree has no such span, or it is below the pieces
   */
  read(span: HashSpan): Uint8Array | undefined {
    const { index, length, proofs } = span
    const level = span.base - this.#height
    const base = this.#layers[level]
    if (base === undefined || index + length > base.width) return undefined
    // the root has nothing beside it
    if (proofs > Math.log2(base.width) - 1) return undefined
    const uncles = unclesIn(span)
    const hashes = new Uint8Array((length + uncles) * hashLength)
    for (let i = 0; i < length; i++) hashes.set(nodeAt(base, index + i), i * hashLength)
    let at = index / length
    for (let i = 0; i < uncles; i++) {
      const layer = this.#layers[level + Math.log2(length) + i]!
      hashes.set(nodeAt(layer, at ^ 1), (length + i) * hashLength)
      at = Math.floor(at / 2)
    }
    return hashes
  }
}
