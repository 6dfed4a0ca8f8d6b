/** Bytes that so many differences take. */
export function bytesOfDifferences(slots: number, entryBits: 4 | 8): number {
  return (slots * entryBits) / 8
}

/** One byte a difference, or half of one with the first in the high half; two's complement. */
export function encodeDifferences(differences: Int8Array, entryBits: 4 | 8): Uint8Array {
  if (entryBits === 8) return new Uint8Array(differences)
  return Uint8Array.from({ length: differences.length / 2 }, (_, at) => {
    return (differences[at * 2]! << 4) | (differences[at * 2 + 1]! & 0x0f)
  })
}

/** What {@link encodeDifferences} was given. */
export function decodeDifferences(bytes: Uint8Array, entryBits: 4 | 8): Int8Array {
  if (entryBits === 8) return new Int8Array(bytes)
  const differences = new Int8Array(bytes.byteLength * 2)
  bytes.forEach((byte, at) => {
    differences[at * 2] = (byte << 24) >> 28
    differences[at * 2 + 1] = (byte << 28) >> 28
  })
  return differences
}
