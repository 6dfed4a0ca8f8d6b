import type { PeerKey, Random } from '@peerage/wire'
import { offences, type FloodLimits } from '../limits.ts'
import type { Jobs } from './jobs.ts'
import type { Link, Links } from './links.ts'
import type { FloodEmit } from './vocabulary.ts'

export interface IntroductionsInit {
  links: Links
  jobs: Jobs
  random: Random
  limits: FloodLimits
}

/** Who names whom: signed peer records, checked before they are passed on or dialled. */
export class Introductions {
  readonly #links: Links
  readonly #jobs: Jobs
  readonly #random: Random
  readonly #limits: FloodLimits
  /** this node's own signed record */
  record: Uint8Array | undefined

  constructor(init: IntroductionsInit) {
    this.#links = init.links
    this.#jobs = init.jobs
    this.#random = init.random
    this.#limits = init.limits
  }

  /** Records of neighbours other than `to`, a different stretch of them each time. */
  others(to: PeerKey, count: number = this.#limits.maxOthers): Uint8Array[] {
    const records = this.#links
      .neighbours()
      .flatMap(({ peer, record }) => (record == null || peer === to ? [] : [record]))
    if (records.length <= count) return records
    const start = this.#random.below(records.length)
    return [...records.slice(start), ...records.slice(0, start)].slice(0, count)
  }

  /** A neighbour's own record is kept only if it is one, so that no honest node hands out forgeries. */
  keep(link: Link, record: Uint8Array, emit: FloodEmit): void {
    this.#jobs.start({ type: 'meet', record }, emit, (_now, result, more) => {
      if (result.type === 'met' && result.peer === link.peer) link.record = record
      else scoreForgery(link, 'its own peer record is not its own', more)
    })
  }

  /** Has the records of others checked; `onMet` hears of each that holds. */
  meet(
    now: number,
    link: Link,
    others: readonly Uint8Array[],
    emit: FloodEmit,
    onMet: (now: number, peer: PeerKey, emit: FloodEmit) => void
  ): void {
    for (const record of others) {
      if (!link.may.meeting.take(now)) return
      this.#jobs.start({ type: 'meet', record }, emit, (then, result, more) => {
        if (result.type === 'met') onMet(then, result.peer, more)
        else if (result.type === 'failed') scoreForgery(link, result.reason, more)
      })
    }
  }
}

function scoreForgery({ peer }: Link, reason: string, emit: FloodEmit): void {
  emit({ type: 'score', peer, offence: offences.forgery, reason })
}
