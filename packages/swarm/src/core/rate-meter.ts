/** A meter younger than this counts as this old: its first bytes are no record. */
const youth = 500

/** Bytes per second, smoothed so that a burst counts for a while, and right from the start. */
export class RateMeter {
  /** all bytes ever added */
  total = 0
  #smoothed = 0
  #since = 0
  #at: number | undefined
  readonly #memory: number

  /** @param memory milliseconds in which it forgets two thirds of its past */
  constructor(memory = 4_000) {
    this.#memory = memory
  }

  add(now: number, bytes: number): void {
    this.#since = this.#at == null ? now : this.#since
    this.#smoothed = this.#faded(now) + (bytes * 1_000) / this.#memory
    this.#at = now
    this.total += bytes
  }

  /** bytes per second */
  rate(now: number): number {
    // the average reaches back further than a young meter has seen: leave out the time before
    const seen = 1 - Math.exp(-Math.max(youth, now - this.#since) / this.#memory)
    return this.#faded(now) / seen
  }

  #faded(now: number): number {
    return this.#at == null ? 0 : this.#smoothed * Math.exp((this.#at - now) / this.#memory)
  }
}
