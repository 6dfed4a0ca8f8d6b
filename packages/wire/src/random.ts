import type { Random } from './core/core.ts'

/** Chance from the platform's cryptographic generator. */
export const secureRandom: Random = {
  u32,
  below: (n) => {
    // rejection sampling: the last, incomplete stretch of 2³² would favour small numbers
    const fair = 2 ** 32 - (2 ** 32 % n)
    let drawn = u32()
    while (drawn >= fair) drawn = u32()
    return drawn % n
  },
  bytes: (n) => crypto.getRandomValues(new Uint8Array(n))
}

function u32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!
}
