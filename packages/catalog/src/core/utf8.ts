/** Bytes the text takes as UTF-8. Stops counting past `enough`, so a huge text costs little. */
export function utf8Length(text: string, enough = Infinity): number {
  let bytes = 0
  for (let at = 0; at < text.length && bytes <= enough; at++) {
    const unit = text.charCodeAt(at)
    // each half of a surrogate pair counts two: together the four bytes of its code point
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate(unit) ? 2 : 3
  }
  return bytes
}

/** The longest beginning of the text that takes at most `max` bytes and splits no code point. */
export function utf8Cut(text: string, max: number): string {
  if (text.length * 3 <= max) return text
  let bytes = 0
  let end = 0
  for (const point of text) {
    bytes += utf8Length(point)
    if (bytes > max) return text.slice(0, end)
    end += point.length
  }
  return text
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
