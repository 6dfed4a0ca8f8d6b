import type { TorrentFile } from '../codec/metainfo-files.ts'

/** The part of a range that lies in one file. */
export interface Span {
  /** index into `torrent.files` */
  readonly file: number
  /** where in the file */
  readonly at: number
  /** where in the range that was asked for */
  readonly from: number
  readonly length: number
}

/**
 * Cuts a range of a torrent's flat bytes at the files' edges, in order. Empty files have no part in
 * any range; padding has, and is for the caller to skip.
 */
export function* spansOf(
  files: readonly TorrentFile[],
  offset: number,
  length: number
): Generator<Span> {
  const end = offset + length
  for (let file = findFile(files, offset); file < files.length; file++) {
    const { offset: begin, length: size } = files[file]!
    if (begin >= end) return
    const from = Math.max(offset, begin)
    const to = Math.min(end, begin + size)
    if (to > from) yield { file, at: from - begin, from: from - offset, length: to - from }
  }
}

/** The first file that ends after this offset; the number of files when there is none. */
function findFile(files: readonly TorrentFile[], offset: number): number {
  let low = 0
  let high = files.length
  while (low < high) {
    const middle = (low + high) >> 1
    const { offset: begin, length } = files[middle]!
    if (begin + length > offset) high = middle
    else low = middle + 1
  }
  return low
}

/** The part of a range that lies in one of many records of one size. */
export interface Cut {
  /** number of the record */
  readonly index: number
  /** where in the record */
  readonly at: number
  /** where in the range it begins and ends */
  readonly from: number
  readonly to: number
}

/** Cuts a range of a torrent's flat bytes at multiples of a size. */
export function cutsOf(size: number, extent: number, offset: number, length: number): Cut[] {
  assertInside(extent, offset, length)
  const cuts: Cut[] = []
  for (let from = 0; from < length;) {
    const index = Math.floor((offset + from) / size)
    const at = offset + from - index * size
    const to = Math.min(length, from + size - at)
    cuts.push({ index, at, from, to })
    from = to
  }
  return cuts
}

/** A range that is not in the torrent is a fault of the caller, never of a peer. */
export function assertInside(total: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= total) return
  throw new RangeError(`bytes ${offset} to ${offset + length} of a torrent of ${total}`)
}
