/** Milliseconds in which a rate forgets two thirds of its past. */
const memory = 4_000

/** Bytes per second, smoothed so that a burst counts for a few seconds. */
export class RateMeter {
  /** all bytes ever added */
  total = 0
  #rate = 0
  #at: number | undefined

  add(now: number, bytes: number): void {
    this.total += bytes
    this.#rate = this.rate(now) + (bytes * 1_000) / memory
    this.#at = now
  }

  /** bytes per second */
  rate(now: number): number {
    return this.#at == null ? 0 : this.#rate * Math.exp((this.#at - now) / memory)
  }
}
