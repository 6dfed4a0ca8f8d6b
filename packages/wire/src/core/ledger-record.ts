import type { PeerKey } from './core.ts'

/** longest peer id in its text form, with room to spare */
const longestKey = 128

/** What is known of one offender. Plain data, to be kept between runs. */
export interface LedgerRecord {
  peer: PeerKey
  /** points, as faded by then */
  points: number
  /** bans there have been, for the next is longer */
  bans: number
  /** what is left of the ban, in milliseconds; 0 for none */
  bannedFor: number
}

/** Whether something that was kept is a record: it may be damaged, or of another program. */
export function isLedgerRecord(value: unknown): value is LedgerRecord {
  if (typeof value !== 'object' || value === null) return false
  const { peer, points, bans, bannedFor } = value as Partial<Record<keyof LedgerRecord, unknown>>
  if (typeof peer !== 'string' || peer.length === 0 || peer.length > longestKey) return false
  return [points, bans, bannedFor].every(isAmount) && Number.isInteger(bans)
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}
