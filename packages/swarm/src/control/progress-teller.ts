import type { Clock } from '@peerage/wire'

/** Tells at most so often; what changed last is always told. */
export class ProgressTeller {
  readonly #clock: Clock
  readonly #every: number
  readonly #tell: () => void
  #toldAt = -Infinity
  #cancel: (() => void) | undefined

  /** @param every milliseconds between two tellings, at least */
  constructor(clock: Clock, every: number, tell: () => void) {
    this.#clock = clock
    this.#every = every
    this.#tell = tell
  }

  /** Something changed: told now, or when it is time. */
  changed(): void {
    const delay = this.#toldAt + this.#every - this.#clock.now()
    if (delay <= 0) this.now()
    else
      this.#cancel ??= this.#clock.after(delay, () => {
        this.now()
      })
  }

  /** Told now, however short the time since the last. */
  now(): void {
    this.stop()
    this.#toldAt = this.#clock.now()
    this.#tell()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
