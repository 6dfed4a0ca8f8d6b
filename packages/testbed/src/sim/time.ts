/**
 * Milliseconds, as cores count, to whole microseconds, as the world does: the first one at which
 * the moment has come for a core that compares in milliseconds.
 */
export function toMicros(ms: number): number {
  const micros = Math.ceil(ms * 1000)
  return micros / 1000 < ms ? micros + 1 : micros
}
