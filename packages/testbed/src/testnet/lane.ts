/** What both directions of a cable have in common. */
export interface LaneRules {
  readonly isCut: boolean
  /** milliseconds */
  readonly delay: number
}

/** One direction of one connection: what is put in happens later, in the same order. */
export class Lane {
  readonly #rules: LaneRules
  readonly #waiting: { due: number; run: () => void }[] = []
  readonly #onEmpty: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(rules: LaneRules, onEmpty: () => void = () => {}) {
    this.#rules = rules
    this.#onEmpty = onEmpty
  }

  /** how much is under way or held */
  get size(): number {
    return this.#waiting.length
  }

  put(run: () => void): void {
    const { isCut, delay } = this.#rules
    if (!isCut && delay === 0 && this.size === 0) {
      run()
      return
    }
    this.#waiting.push({ due: performance.now() + delay, run })
    this.check()
  }

  /** Lets through what may go; to be called when the rules have changed. */
  check(): void {
    clearTimeout(this.#timer)
    if (this.#rules.isCut) return
    for (let head = this.#waiting[0]; head != null; head = this.#waiting[0]) {
      const early = Math.min(head.due - performance.now(), this.#rules.delay)
      if (early > 0) {
        this.#timer = setTimeout(() => this.check(), early)
        return
      }
      this.#waiting.shift()
      head.run()
    }
    this.#onEmpty()
  }
}
