import { blockLength, hashLength, widthOf } from './merkle.ts'
import type { TorrentFile } from './metainfo-files.ts'
import { needsLayer } from './piece-layers.ts'

/** What version 2 knows of a piece: part of one file's hash tree. */
export interface PieceTree {
  /** 32 bytes, over the piece */
  readonly root: Uint8Array
  /** bytes of the file in the piece; after them is padding, which is not hashed */
  readonly length: number
  /** leaves below the root, the filling included */
  readonly width: number
}

/** The pieces of version 2's files; each is of one file. */
export class PieceTrees {
  readonly #files: readonly TorrentFile[]
  readonly #pieceLength: number

  constructor(files: readonly TorrentFile[], pieceLength: number) {
    this.#files = files.filter((file) => file.piecesRoot !== undefined)
    this.#pieceLength = pieceLength
  }

  /** every piece has a root: no piece layer is missing */
  get complete(): boolean {
    return this.#files.every(
      (file) => !needsLayer(file, this.#pieceLength) || file.pieceLayer !== undefined
    )
  }

  /** bytes of a file in this piece */
  dataIn(piece: number): number {
    const file = this.#fileOf(piece)
    return Math.min(this.#pieceLength, file.offset + file.length - piece * this.#pieceLength)
  }

  /** Undefined while the file's piece layer is not known. */
  of(piece: number): PieceTree | undefined {
    const { piecesRoot, pieceLayer, offset, length: size } = this.#fileOf(piece)
    const length = this.dataIn(piece)
    if (size <= this.#pieceLength) {
      return { root: piecesRoot!, length, width: widthOf(Math.ceil(length / blockLength)) }
    }
    if (pieceLayer === undefined) return undefined
    const from = (piece - offset / this.#pieceLength) * hashLength
    const root = pieceLayer.subarray(from, from + hashLength)
    return { root, length, width: this.#pieceLength / blockLength }
  }

  /** The last file that begins at this piece or before. */
  #fileOf(piece: number): TorrentFile {
    let low = 0
    let high = this.#files.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#files[middle]!.offset <= piece * this.#pieceLength) low = middle
      else high = middle - 1
    }
    return this.#files[low]!
  }
}
