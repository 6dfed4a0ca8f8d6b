import type { AbortOptions } from '@libp2p/interface'

/** Those who wait for pieces to be verified. */
export class PieceWaiter {
  readonly #has: (piece: number) => boolean
  readonly #waiting = new Map<number, Set<PromiseWithResolvers<void>>>()
  #ended: Error | undefined

  constructor(has: (piece: number) => boolean) {
    this.#has = has
  }

  /** Resolves when the piece is here. @throws the reason of the signal or of `end` */
  async wait(piece: number, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (this.#ended != null) throw this.#ended
    if (this.#has(piece)) return
    const waiter = Promise.withResolvers<void>()
    const others = this.#waiting.get(piece) ?? new Set()
    this.#waiting.set(piece, others.add(waiter))
    const abort = (): void => {
      waiter.reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort)
    try {
      await waiter.promise
    } finally {
      signal?.removeEventListener('abort', abort)
      others.delete(waiter)
      if (others.size === 0 && this.#waiting.get(piece) === others) this.#waiting.delete(piece)
    }
  }

  verified(piece: number): void {
    for (const waiter of this.#waiting.get(piece) ?? []) waiter.resolve()
  }

  /** No piece will come any more. */
  end(reason: Error): void {
    this.#ended = reason
    for (const waiters of this.#waiting.values())
      for (const waiter of waiters) waiter.reject(reason)
  }
}
