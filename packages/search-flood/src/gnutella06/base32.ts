const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648's base 32 without padding, as HUGE writes hashes. */
export function encodeBase32(bytes: Uint8Array): string {
  let [text, buffer, bits] = ['', 0, 0]
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    for (bits += 8; bits >= 5;) text += digits[(buffer >>> (bits -= 5)) & 31]
    buffer &= 31
  }
  return bits > 0 ? text + digits[(buffer << (5 - bits)) & 31] : text
}

/** The bytes that the digits spell, in either case; undefined when they are something else. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let [at, buffer, bits] = [0, 0, 0]
  for (const character of text.toUpperCase()) {
    const digit = digits.indexOf(character)
    if (digit === -1) return undefined
    buffer = ((buffer << 5) | digit) & 0xfff
    bits += 5
    if (bits >= 8) bytes[at++] = buffer >>> (bits -= 8)
  }
  // bits that make no byte are padding
  const padding = buffer & ((1 << bits) - 1)
  return padding === 0 && bits < 5 ? bytes : undefined
}
