import type { Clock } from '@peerage/wire'

/** A clock that stands still until it is turned by hand. */
export interface ManualClock extends Clock {
  /**
   * Lets this much time pass: timers that come due run in their order, each at its own moment, and
   * what they set off settles before the next.
   *
   * @param delay milliseconds
   */
  advance(delay: number): Promise<void>
  /** timers that have neither run nor been taken back */
  readonly pending: number
}

interface Timer {
  at: number
  run: () => void
}

/** A {@link ManualClock} that shows 0. */
export function manualClock(): ManualClock {
  const timers = new Set<Timer>()
  let now = 0
  return {
    now: () => now,
    after(delay, run) {
      const timer = { at: now + Math.max(0, delay), run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    async advance(delay) {
      const end = now + delay
      await settled()
      for (let next = first(timers); next != null && next.at <= end; next = first(timers)) {
        timers.delete(next)
        now = next.at
        next.run()
        await settled()
      }
      now = end
    },
    get pending() {
      return timers.size
    }
  }
}

/** The timer due first; of two at the same moment, the one set first. */
function first(timers: Set<Timer>): Timer | undefined {
  let earliest: Timer | undefined
  for (const timer of timers) if (earliest == null || timer.at < earliest.at) earliest = timer
  return earliest
}

/** Resolves when promises that wait for nothing else are through: libp2p's streams hand over in tasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
