import type { Clock } from '../src/index.ts'

/** A clock that stands still until it is turned by hand. */
export function manualClock(): Clock & { advance(milliseconds: number): void; timers(): number } {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    after: (delay, run) => {
      const timer = { at: now + delay, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    timers: () => timers.size,
    advance: (milliseconds) => {
      const end = now + milliseconds
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (due == null) break
        timers.delete(due)
        now = due.at
        due.run()
      }
      now = end
    }
  }
}
