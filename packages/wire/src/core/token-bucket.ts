export interface TokenBucketInit {
  /** the largest burst, in tokens; the bucket starts full */
  capacity: number
  /** tokens that flow in each second */
  perSecond: number
}

/** Lets through a burst and then a steady rate. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perSecond: number
  #tokens: number
  #filledAt = Number.NEGATIVE_INFINITY

  constructor(init: TokenBucketInit) {
    this.#capacity = init.capacity
    this.#perSecond = init.perSecond
    this.#tokens = init.capacity
  }

  /**
   * Takes `cost` tokens if they are there, else takes none.
   *
   * @param now milliseconds on a clock that never goes back
   */
  take(now: number, cost = 1): boolean {
    if (this.#filledAt !== Number.NEGATIVE_INFINITY) {
      const inflow = ((now - this.#filledAt) / 1000) * this.#perSecond
      this.#tokens = Math.min(this.#capacity, this.#tokens + inflow)
    }
    this.#filledAt = now
    if (this.#tokens < cost) return false
    this.#tokens -= cost
    return true
  }
}
