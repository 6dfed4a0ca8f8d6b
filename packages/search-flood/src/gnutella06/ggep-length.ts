import { WireError } from '@peerage/wire'

/** The longest data a GGEP length can tell of: three chunks of six bits. */
export const longestGgepData = 2 ** 18 - 1

/**
 * A length without a NUL in it: six bits a byte, high ones first; bit 7 says that more follow, bit
 * 6 that this byte is the last (GGEP 0.51, "Length Encoding").
 */
export function encodeGgepLength(length: number): Uint8Array {
  const chunks = [0x40 | (length & 0x3f)]
  for (let rest = length >>> 6; rest > 0; rest >>>= 6) chunks.unshift(0x80 | (rest & 0x3f))
  return Uint8Array.from(chunks)
}

/** @returns the length, and where the data begins */
export function decodeGgepLength(
  bytes: Uint8Array,
  at: number
): { length: number; end: number } | WireError {
  let length = 0
  for (let end = at; end < at + 3;) {
    const chunk = bytes[end++]
    if (chunk == null) return new WireError('a GGEP length is cut short')
    const [more, last] = [(chunk & 0x80) !== 0, (chunk & 0x40) !== 0]
    if (more === last) return new WireError('a GGEP length has neither an end nor a next byte')
    length = (length << 6) | (chunk & 0x3f)
    if (last) return { length, end }
  }
  return new WireError('a GGEP length is longer than three bytes')
}
