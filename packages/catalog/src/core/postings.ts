/** Which records have a word: their numbers in ascending order, four bytes each. */
export class Postings {
  #numbers: Uint32Array
  #length = 1

  constructor(first: number) {
    this.#numbers = Uint32Array.of(first)
  }

  get length(): number {
    return this.#length
  }

  /** bytes of the array, spare room included */
  get bytes(): number {
    return this.#numbers.byteLength
  }

  /** The number at a position below {@link length}. */
  at(position: number): number {
    return this.#numbers[position]!
  }

  /** Adds a number that is not there yet. A new record has the highest one, so this mostly appends. */
  insert(number: number): void {
    if (this.#length === this.#numbers.length) this.#resize(this.#length + (this.#length >> 1) + 2)
    const last = this.#numbers[this.#length - 1]
    const position = last === undefined || last < number ? this.#length : this.seek(number, 0)
    this.#numbers.copyWithin(position + 1, position, this.#length)
    this.#numbers[position] = number
    this.#length++
  }

  /**
   * The first position at or after `from` with a number of at least `target`, or {@link length}:
   * steps that double until they are past it, then halving (Bentley and Yao's galloping search), so
   * that walking a short list beside a long one costs the short one's length.
   */
  seek(target: number, from: number): number {
    const numbers = this.#numbers
    let low = from
    let step = 1
    while (low + step < this.#length && numbers[low + step]! < target) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, this.#length)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (numbers[middle]! < target) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Drops the numbers for which `isDead` says so, and spare room worth having back. */
  squeeze(isDead: (number: number) => boolean): void {
    const numbers = this.#numbers
    let kept = 0
    for (let position = 0; position < this.#length; position++) {
      const number = numbers[position]!
      if (!isDead(number)) numbers[kept++] = number
    }
    this.#length = kept
    if (kept * 2 < numbers.length) this.#resize(kept)
  }

  #resize(capacity: number): void {
    const grown = new Uint32Array(capacity)
    grown.set(this.#numbers.subarray(0, this.#length))
    this.#numbers = grown
  }
}

/**
 * Visits the numbers that all lists have, ascending, until `visit` says it has enough. Walks the
 * shortest list, at most `most` numbers of it, and gallops through the others.
 */
export function intersect(
  lists: readonly Postings[],
  most: number,
  visit: (number: number) => 'more' | 'enough'
): void {
  const [rarest, ...others] = lists.toSorted((a, b) => a.length - b.length)
  if (rarest === undefined) return
  const positions = new Uint32Array(others.length)
  const end = Math.min(rarest.length, most)
  for (let position = 0; position < end; position++) {
    const number = rarest.at(position)
    if (allHave(others, positions, number) && visit(number) === 'enough') return
  }
}

/** Whether every list has the number; moves each list's position up to it. */
function allHave(lists: readonly Postings[], positions: Uint32Array, number: number): boolean {
  for (let nth = 0; nth < lists.length; nth++) {
    const list = lists[nth]!
    const position = list.seek(number, positions[nth]!)
    positions[nth] = position
    if (position === list.length || list.at(position) !== number) return false
  }
  return true
}
