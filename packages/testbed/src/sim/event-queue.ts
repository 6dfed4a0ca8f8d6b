/**
 * What happens next: the earliest moment first, and first come first served within one
 * microsecond, so that a run has exactly one order.
 *
 * A 4-ary heap in typed arrays. It is a third as deep as a binary one in cache lines touched, and
 * makes no garbage; an array of objects was three times slower at 400,000 pending events.
 */
export class EventQueue {
  #at = new Float64Array(1024)
  #order = new Float64Array(1024)
  #item = new Uint32Array(1024)
  #size = 0
  #pushed = 0

  /** events waiting */
  get size(): number {
    return this.#size
  }

  /** when the next one is due, in microseconds; `Infinity` when none waits */
  get nextAt(): number {
    return this.#size === 0 ? Infinity : this.#at[0]!
  }

  /**
   * @param at whole microseconds
   * @param item a number in [0, 2³²) that says what it is
   */
  push(at: number, item: number): void {
    if (this.#size === this.#at.length) this.#grow()
    const times = this.#at
    let hole = this.#size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      // an equal time stays below: what was pushed earlier comes first
      if (times[parent]! <= at) break
      this.#move(parent, hole)
      hole = parent
    }
    this.#place(hole, at, this.#pushed++, item)
  }

  /** Takes the next item off; −1 when there is none. */
  pop(): number {
    if (this.#size === 0) return -1
    const item = this.#item[0]!
    const last = --this.#size
    const at = this.#at[last]!
    const order = this.#order[last]!
    let hole = 0
    for (;;) {
      const child = this.#firstChild(hole)
      if (child < 0 || !this.#isBefore(child, at, order)) break
      this.#move(child, hole)
      hole = child
    }
    this.#place(hole, at, order, this.#item[last]!)
    return item
  }

  /** the child of `node` that comes first; −1 for a leaf */
  #firstChild(node: number): number {
    const from = node * 4 + 1
    if (from >= this.#size) return -1
    const to = Math.min(from + 4, this.#size)
    let best = from
    for (let child = from + 1; child < to; child++) {
      if (this.#isBefore(child, this.#at[best]!, this.#order[best]!)) best = child
    }
    return best
  }

  #isBefore(node: number, at: number, order: number): boolean {
    const mine = this.#at[node]!
    return mine < at || (mine === at && this.#order[node]! < order)
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#at[from]!, this.#order[from]!, this.#item[from]!)
  }

  #place(node: number, at: number, order: number, item: number): void {
    this.#at[node] = at
    this.#order[node] = order
    this.#item[node] = item
  }

  #grow(): void {
    const length = this.#at.length * 2
    this.#at = grown(new Float64Array(length), this.#at)
    this.#order = grown(new Float64Array(length), this.#order)
    this.#item = grown(new Uint32Array(length), this.#item)
  }
}

function grown<A extends Float64Array | Uint32Array>(larger: A, old: A): A {
  larger.set(old)
  return larger
}
