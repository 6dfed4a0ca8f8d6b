/** Where shells take their time from; tests hand in one they turn by hand. */
export interface Clock {
  /** milliseconds on a clock that never goes back; its zero is arbitrary */
  now(): number
  /** calls `run` once after `delay` milliseconds; the returned function takes it back */
  after(delay: number, run: () => void): () => void
}

/** The machine's own monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delay, run) => {
    // a longer delay overflows the runtime's 32-bit timer and would fire at once
    const timer = setTimeout(run, Math.min(delay, 2 ** 31 - 1))
    return () => {
      clearTimeout(timer)
    }
  }
}
