const utf8 = new TextEncoder()

/** The golden ratio in 32 bits, as Knuth has it for hashing by multiplication. */
const ratio = 0x4f1bbcdc

/**
 * The slot of a word in a table of 2^`bits` slots (QRP 1.0, appendix A). The slot in a table of half
 * the size is half of it, so tables of any two sizes can be compared.
 *
 * @param bits 1 to 32
 */
export function qrpHash(word: string, bits: number): number {
  let mixed = 0
  // the word as little-endian numbers of 32 bits, one upon the other
  utf8.encode(word.toLowerCase()).forEach((byte, at) => (mixed ^= byte << ((at & 3) * 8)))
  return Math.imul(mixed, ratio) >>> (32 - bits)
}
