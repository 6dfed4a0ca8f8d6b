import type { Random } from '@peerage/wire'
import { limits } from './limits.ts'

const { firstRetry, longestRetry } = limits.client

interface Entry<Tracker> {
  readonly tracker: Tracker
  /** failures in a row */
  failures: number
  /** not to be asked before, in milliseconds */
  notBefore: number
}

/**
 * In which order trackers are asked (BEP 12): a tier is shuffled once, the next tier is asked only
 * when nobody of this one answers, and whoever answers moves to the front of its tier. One that
 * failed rests for a while, for all torrents together.
 */
export class Tiers<Tracker> {
  readonly #tiers: Entry<Tracker>[][]

  constructor(tiers: readonly (readonly Tracker[])[], random: Random) {
    this.#tiers = tiers.map((tier) => shuffled(tier.map(fresh), random))
  }

  /** Whom to ask now, one after the other until one answers. */
  due(now: number): Tracker[] {
    const due = this.#tiers.flat().filter((entry) => entry.notBefore <= now)
    return due.map(({ tracker }) => tracker)
  }

  /** When there is next somebody to ask, in milliseconds; `Infinity` when there is no tracker. */
  get nextAt(): number {
    return Math.min(...this.#tiers.flat().map(({ notBefore }) => notBefore))
  }

  answered(tracker: Tracker): void {
    for (const tier of this.#tiers) {
      const at = tier.findIndex((entry) => entry.tracker === tracker)
      if (at === -1) continue
      tier.unshift(...tier.splice(at, 1))
      Object.assign(tier[0]!, { failures: 0, notBefore: -Infinity })
    }
  }

  failed(now: number, tracker: Tracker): void {
    for (const entry of this.#tiers.flat()) {
      // torrents that were waiting for the same tracker fail with it: that is one failure
      if (entry.tracker !== tracker || entry.notBefore > now) continue
      entry.notBefore = now + Math.min(longestRetry, firstRetry * 2 ** entry.failures++)
    }
  }
}

function fresh<Tracker>(tracker: Tracker): Entry<Tracker> {
  return { tracker, failures: 0, notBefore: -Infinity }
}

/** Fisher and Yates. */
function shuffled<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const [a, b] = [items[i]!, items[j]!]
    items[i] = b
    items[j] = a
  }
  return items
}
