import type { Progress } from '@peerage/swarm'
import { count, formatBytes, formatTime } from './units.ts'

/** How far a fetch is, on one line. */
export function progressLine(progress: Progress): string {
  const { state, pieces, pieceCount, bytes, length, downRate, peers, timeLeft } = progress
  const who = count(peers, 'peer')
  if (state === 'metadata') return `asking what it is … ${who}`
  return [
    `${String(Math.floor((bytes / length) * 100)).padStart(3)} %`,
    `${formatBytes(bytes)} of ${formatBytes(length)}`,
    `${formatBytes(downRate)}/s`,
    who,
    `${pieces} of ${count(pieceCount, 'piece')}`,
    ...(Number.isFinite(timeLeft) ? [`${formatTime(timeLeft)} left`] : [])
  ].join('  ')
}

/** The same for programs. */
export function progressFields(progress: Progress): object {
  const { timeLeft, ...rest } = progress
  // JSON has no infinity
  return { ...rest, timeLeft: Number.isFinite(timeLeft) ? Math.round(timeLeft) : null }
}
