import type { Hit, SearchRun } from './api.ts'
import type { SearchEnd } from './core/vocabulary.ts'

/** One search as its user sees it: hits as they come, and in the end why it is over. */
export class HitStream implements SearchRun {
  readonly ended: Promise<SearchEnd>
  /** never more than the search's limit */
  readonly #waiting: Hit[] = []
  readonly #cancel: () => void
  readonly #end = Promise.withResolvers<SearchEnd>()
  #isOver = false
  #wake: () => void = () => {}

  /** @param cancel ends the search early; the end comes back through {@link HitStream.finish} */
  constructor(cancel: () => void) {
    this.#cancel = cancel
    this.ended = this.#end.promise
  }

  push(hit: Hit): void {
    this.#waiting.push(hit)
    this.#wake()
  }

  finish(end: SearchEnd): void {
    this.#isOver = true
    this.#end.resolve(end)
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Hit, undefined> {
    try {
      for (;;) {
        const hit = this.#waiting.shift()
        if (hit != null) yield hit
        else if (this.#isOver) return undefined
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      // whoever stops looking ends the search
      if (!this.#isOver) this.#cancel()
    }
  }
}
