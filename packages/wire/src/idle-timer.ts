import type { Clock } from './clock.ts'

/** Fires when nothing touched it for `timeout` ms; touching costs one assignment, not a new timer. */
export class IdleTimer {
  readonly #clock: Clock
  readonly #timeout: number
  readonly #onIdle: () => void
  #touchedAt: number
  #cancel: () => void = () => {}

  constructor(clock: Clock, timeout: number, onIdle: () => void) {
    this.#clock = clock
    this.#timeout = timeout
    this.#onIdle = onIdle
    this.#touchedAt = clock.now()
    if (timeout !== Infinity) this.#arm(timeout)
  }

  touch(): void {
    this.#touchedAt = this.#clock.now()
  }

  stop(): void {
    this.#cancel()
  }

  #arm(delay: number): void {
    this.#cancel = this.#clock.after(delay, () => {
      const rest = this.#touchedAt + this.#timeout - this.#clock.now()
      this.#arm(rest > 0 ? rest : this.#timeout)
      if (rest <= 0) this.#onIdle()
    })
  }
}
