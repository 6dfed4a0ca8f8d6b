import type { Progress } from '@peerage/swarm'
import { count, formatBytes, formatTime } from './units.ts'

/** How far a fetch is, on one line. */
export function progressLine(progress: Progress): string {
  const { state, pieces, pieceCount, wanted, left, downRate, peers, timeLeft } = progress
  const who = count(peers, 'peer')
  if (state === 'metadata') return `asking what it is … ${who}`
  const here = wanted - left
  return [
    `${String(wanted === 0 ? 100 : Math.floor((here / wanted) * 100)).padStart(3)} %`,
    `${formatBytes(here)} of ${formatBytes(wanted)}`,
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
