import { limits } from '../../limits.ts'
import type { Jobs } from '../jobs.ts'
import type { Turn } from '../vocabulary.ts'

/** Does again what failed. */
type Again = (turn: Turn) => void

/** Whether the disk takes what it is given; what it did not take is tried again until it does. */
export class Disk {
  readonly #jobs: Jobs
  readonly #changed: (turn: Turn, well: boolean) => void
  /** by what it is: a piece's number, or the choice of files */
  readonly #failed = new Map<number | 'files', Again>()
  #error: Error | undefined
  #retryAt = Infinity
  /** the choice of files that counts: one that failed may be out of date */
  #files: readonly boolean[] = []

  /** @param changed told when it begins to fail, and when it is well again */
  constructor(jobs: Jobs, changed: (turn: Turn, well: boolean) => void) {
    this.#jobs = jobs
    this.#changed = changed
  }

  /** Why it takes nothing; undefined when it is well. */
  get error(): Error | undefined {
    return this.#error
  }

  failed(turn: Turn, what: number | 'files', error: Error, again: Again): void {
    const first = this.#error == null
    this.#failed.set(what, again)
    this.#error = error
    this.#retryAt = turn.now + limits.disk.retry
    if (!first) return
    turn.emit({ type: 'tell', news: { type: 'disk', error } })
    this.#changed(turn, false)
  }

  /** What may have failed before is done: the others follow one by one. */
  done(turn: Turn, what: number | 'files'): void {
    if (this.#failed.delete(what)) this.#retry(turn)
  }

  /** Tells the storage which files are wanted, so that it makes no others. */
  want(turn: Turn, files: readonly boolean[]): void {
    this.#files = files
    this.#jobs.start(turn, { type: 'want', files }, (later, result) => {
      if (result.type !== 'failed') return this.done(later, 'files')
      this.failed(later, 'files', result.error, (again) => {
        this.want(again, this.#files)
      })
    })
  }

  tick(turn: Turn): void {
    if (turn.now >= this.#retryAt) this.#retry(turn)
  }

  /** Tries one thing. */
  #retry(turn: Turn): void {
    this.#retryAt = Infinity
    const [again] = this.#failed.values()
    if (again != null) return again(turn)
    this.#error = undefined
    turn.emit({ type: 'tell', news: { type: 'disk', error: undefined } })
    this.#changed(turn, true)
  }
}
