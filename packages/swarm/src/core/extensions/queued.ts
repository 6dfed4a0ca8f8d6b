import { WireError } from '@peerage/wire'
import { decodeQueueStatus } from '../../codec/queue-status.ts'
import { limits } from '../../limits.ts'
import type { Charge } from '../downloads/blame.ts'
import type { PeerState } from '../peer-state.ts'
import type { Turn } from '../vocabulary.ts'

/** The peer tells where we stand in its queue. */
export function queued(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
  const place = decodeQueueStatus(payload)
  if (place instanceof WireError) {
    return { peer: peer.key, offence: limits.trust.breach, reason: place.message }
  }
  turn.emit({ type: 'tell', news: { type: 'queued', peer: peer.key, place } })
  return undefined
}
