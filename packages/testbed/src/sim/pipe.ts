/** One direction of a host's access line: whoever comes first is carried first, one at a time. */
export class Pipe {
  readonly #perSecond: number
  #freeAt = 0

  /** @param perSecond bytes per second; `Infinity` for a line that never makes anyone wait */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  get isLimited(): boolean {
    return this.#perSecond !== Infinity
  }

  /** when everything taken so far is through, in microseconds */
  get freeAt(): number {
    return this.#freeAt
  }

  /** how long these bytes occupy the line, in whole microseconds, rounded up */
  micros(bytes: number): number {
    return this.isLimited ? Math.ceil((bytes * 1_000_000) / this.#perSecond) : 0
  }

  /** Queues these bytes. @returns when the first of them enters the line, in microseconds */
  take(now: number, bytes: number): number {
    if (!this.isLimited) return now
    const start = Math.max(now, this.#freeAt)
    this.#freeAt = start + this.micros(bytes)
    return start
  }
}

/** The line of every host that has no limit: one object, as it never changes. */
export const endless = new Pipe(Infinity)
