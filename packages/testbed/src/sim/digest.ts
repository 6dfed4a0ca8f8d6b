/**
 * A fingerprint of everything that happened, in its order: two lanes of 32 bits, each multiplied
 * and turned after every word (after xxHash). Tells runs apart; no protection against forgery.
 */
export class Digest {
  #high = 0x811c9dc5 | 0
  #low = 0x9e3779b9 | 0

  /** @param word a whole number; its low 32 bits count */
  add(word: number): void {
    this.#high = turn(Math.imul(this.#high ^ word, 0x85ebca6b), 13)
    this.#low = turn(Math.imul((this.#low + word) | 0, 0xc2b2ae35), 15)
  }

  /** 16 hexadecimal digits */
  toString(): string {
    return hex(settle(this.#high ^ turn(this.#low, 7))) + hex(settle(this.#low))
  }
}

function turn(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** MurmurHash3's last step: every bit of the state reaches every digit shown. */
function settle(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
