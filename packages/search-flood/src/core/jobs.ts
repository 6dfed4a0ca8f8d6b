import type { FloodEmit, FloodResult, FloodWork } from './vocabulary.ts'

type Then = (now: number, result: FloodResult, emit: FloodEmit) => void

/** Work handed to the shell, and what to do when it comes back. */
export class Jobs {
  readonly #max: number
  /** never more than `max` */
  readonly #open = new Map<number, Then>()
  #last = 0

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#open.size
  }

  /** @returns false when too much is under way already; the work is then not done */
  start(work: FloodWork, emit: FloodEmit, then: Then): boolean {
    if (this.#open.size >= this.#max) return false
    const job = ++this.#last
    this.#open.set(job, then)
    emit({ type: 'job', job, work })
    return true
  }

  done(now: number, job: number, result: FloodResult, emit: FloodEmit): void {
    const then = this.#open.get(job)
    this.#open.delete(job)
    then?.(now, result, emit)
  }
}
