/**
 * Bytes that look like chance and are the same for the same seed: the content of files in tests.
 * Whole words at a time (Marsaglia's xorshift32), because files are long; where the quality of the
 * chance counts, take `seededRandom`.
 *
 * @param length bytes
 * @param seed any whole number but 0 @default 1
 */
export function noise(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}
