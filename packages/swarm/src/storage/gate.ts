/** Lets many jobs run at once, or one alone. */
export class Gate {
  readonly #inside = new Set<Promise<unknown>>()
  /** ends with the job that runs alone, or waits to */
  #shut: Promise<void> | undefined

  /** Runs a job beside others like it. */
  async shared<T>(job: () => Promise<T>): Promise<T> {
    while (this.#shut !== undefined) await this.#shut
    const running = job()
    this.#inside.add(running)
    try {
      return await running
    } finally {
      this.#inside.delete(running)
    }
  }

  /** Runs a job when those under way have ended; others wait for it. */
  async alone<T>(job: () => Promise<T>): Promise<T> {
    while (this.#shut !== undefined) await this.#shut
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#shut = promise
    try {
      await Promise.allSettled(this.#inside)
      return await job()
    } finally {
      this.#shut = undefined
      resolve()
    }
  }
}
