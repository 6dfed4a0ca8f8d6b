/** A file, as far as its place matters. */
interface Sized {
  readonly length: number
}

/** Bytes from the end of a file to the next piece's beginning. */
function gapAfter(length: number, pieceLength: number): number {
  return (pieceLength - (length % pieceLength)) % pieceLength
}

/**
 * Puts padding behind every file that does not end with a piece, so that each begins with one: what
 * version 2 implies, and hybrids spell out (BEP 47).
 *
 * @param tail behind the last file, too, as libtorrent has it in hybrids of many files
 */
export function* aligned<T extends Sized, P>(
  files: readonly T[],
  pieceLength: number,
  pad: (length: number) => P,
  tail: boolean
): Generator<T | P> {
  const last = tail ? files.length : files.findLastIndex(({ length }) => length > 0)
  for (const [index, file] of files.entries()) {
    yield file
    const gap = gapAfter(file.length, pieceLength)
    if (gap > 0 && index < last) yield pad(gap)
  }
}

/** The name padding goes by, wherever a name must be: libtorrent's. */
export function padPath(length: number): [string, string] {
  return ['.pad', String(length)]
}
