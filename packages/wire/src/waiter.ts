import { asError } from './errors.ts'

/** One place where something waits for "look again", and others say so. */
export class Waiter {
  #waiting: Array<() => void> = []

  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const look of waiting) look()
  }

  /** Resolves at the next `wake`; rejects when the signal is raised. */
  async wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    let onAbort: () => void = () => {}
    try {
      await new Promise<void>((resolve, reject) => {
        onAbort = () => {
          this.#waiting = this.#waiting.filter((look) => look !== resolve)
          reject(asError(signal?.reason))
        }
        this.#waiting.push(resolve)
        signal?.addEventListener('abort', onAbort)
      })
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
