import type { TorrentResult, TorrentWork, Turn } from './vocabulary.ts'

/** What to do when a job has ended. */
export type Finish = (turn: Turn, result: TorrentResult) => void

/** Jobs under way, each with what comes after it. */
export class Jobs {
  readonly #finish = new Map<number, Finish>()
  #last = 0

  start(turn: Turn, work: TorrentWork, finish: Finish): void {
    const job = ++this.#last
    this.#finish.set(job, finish)
    turn.emit({ type: 'job', job, work })
  }

  done(turn: Turn, job: number, result: TorrentResult): void {
    const finish = this.#finish.get(job)
    this.#finish.delete(job)
    finish?.(turn, result)
  }
}
