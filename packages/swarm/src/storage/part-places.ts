import type { Torrent } from '../codec/metainfo.ts'
import type { Span } from './layout.ts'

/** Where bytes lie in the part file. */
export interface PartSpan {
  /** where in the part file */
  readonly at: number
  /** where in the file they belong to */
  readonly within: number
  readonly length: number
}

/**
 * The part file's layout. Every piece that several files share has a place as long as a piece, in
 * the order of the pieces: it follows from the torrent, so there is no table that could be lost.
 */
export class PartPlaces {
  readonly #torrent: Torrent
  /** by piece */
  #places: ReadonlyMap<number, number> | undefined

  constructor(torrent: Torrent) {
    this.#torrent = torrent
  }

  /** Undefined when some of these bytes are in a piece that no other file shares. */
  of(span: Pick<Span, 'file' | 'at' | 'length'>): PartSpan[] | undefined {
    const parts = [...this.#cut(span)]
    return parts.includes(undefined) ? undefined : (parts as PartSpan[])
  }

  /** The beginning and the end of a file, as far as others share their pieces. */
  ofEdges(file: number): PartSpan[] {
    const { pieceLength } = this.#torrent
    const { offset, length } = this.#torrent.files[file]!
    const head = Math.min(length, pieceLength - (offset % pieceLength))
    const tail = Math.min(length - head, (offset + length) % pieceLength || pieceLength)
    return [
      { file, at: 0, length: head },
      { file, at: length - tail, length: tail }
    ].flatMap((span) => this.of(span) ?? [])
  }

  /** The parts of a span, cut at the edges of pieces; undefined for one that has no place. */
  *#cut(span: Pick<Span, 'file' | 'at' | 'length'>): Generator<PartSpan | undefined> {
    const { pieceLength, files } = this.#torrent
    this.#places ??= placesOf(this.#torrent)
    for (let done = 0; done < span.length;) {
      const within = span.at + done
      const flat = files[span.file]!.offset + within
      const inPiece = flat % pieceLength
      const length = Math.min(span.length - done, pieceLength - inPiece)
      const place = this.#places.get((flat - inPiece) / pieceLength)
      yield place === undefined ? undefined : { at: place * pieceLength + inPiece, within, length }
      done += length
    }
  }
}

/** Numbers the pieces that several files share. */
function placesOf({ files, pieceLength }: Torrent): Map<number, number> {
  const places = new Map<number, number>()
  let last = -1
  for (const { offset, length, pad } of files) {
    if (pad || length === 0) continue
    const first = Math.floor(offset / pieceLength)
    if (first === last && !places.has(first)) places.set(first, places.size)
    last = Math.floor((offset + length - 1) / pieceLength)
  }
  return places
}
