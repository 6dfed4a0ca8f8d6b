/**
 * Bytes as people annotate them: two hex digits each, in groups as one likes; texts in single
 * quotes; what follows `#` on a line is a comment.
 */
export function bytes(...lines: string[]): Uint8Array {
  return Uint8Array.from(lines.flatMap((line) => line.split('\n')).flatMap(bytesOfLine))
}

/** Two hex digits a byte. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A text in quotes, or hex digits up to the next blank. */
const parts = /'([^']*)'|([0-9a-f]+)|#.*/gi

function bytesOfLine(line: string): number[] {
  return [...line.matchAll(parts)].flatMap(([, text, digits]) => {
    if (text != null) return [...new TextEncoder().encode(text)]
    return digits == null ? [] : [...digits.matchAll(/../g)].map(([pair]) => parseInt(pair, 16))
  })
}
