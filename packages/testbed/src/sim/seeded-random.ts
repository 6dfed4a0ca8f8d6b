import type { Random } from '@peerage/wire'

/**
 * Chance that repeats: the same seed gives the same numbers on every machine and engine, because
 * only 32-bit whole-number steps are taken. Not for secrets.
 *
 * The generator is Chris Doty-Humphrey's sfc32 (from PractRand): 128 bits of state, of which 32
 * count up, so no seed has a short cycle.
 *
 * @param seed any whole number; its low 32 bits count
 */
export function seededRandom(seed: number): Random {
  let [a, b, c] = [0, seed | 0, 0x9e3779b9 | 0]
  let count = 1

  function u32(): number {
    const drawn = (a + b + count++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }

  function below(n: number): number {
    // rejection sampling: the last, incomplete stretch of 2³² would favour small numbers
    const fair = 2 ** 32 - (2 ** 32 % n)
    let drawn = u32()
    while (drawn >= fair) drawn = u32()
    return drawn % n
  }

  // PractRand's author asks for twelve rounds before seeds that differ in one bit look unrelated
  for (let round = 0; round < 12; round++) u32()
  return { u32, below, bytes: (n) => Uint8Array.from({ length: n }, () => u32() >>> 24) }
}
