import type { BlockSpan, PeerMessage } from '../../codec/peer-wire.ts'
import type { PeerState } from '../peer-state.ts'
import type { Turn } from '../vocabulary.ts'

/** Whether a peer may ask for this piece now. */
export function mayAsk(peer: PeerState, piece: number): boolean {
  return peer.unchoked || peer.allowed.has(piece)
}

/**
 * Says that requests will not be served. A peer without the fast extension is told nothing: it
 * knows from our choke or its own cancel (BEP 3).
 */
export function reject(
  turn: Turn,
  peer: PeerState,
  spans: readonly BlockSpan[],
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
): void {
  if (!peer.fast) return
  for (const { piece, begin, length } of spans) {
    send(turn, peer, { type: 'reject', piece, begin, length })
  }
}

/** What a peer that may not ask any more has waiting, taken off its queue. */
export function withdraw(peer: PeerState): BlockSpan[] {
  const withdrawn = peer.queue.filter(({ piece }) => !mayAsk(peer, piece))
  const kept = peer.queue.filter(({ piece }) => mayAsk(peer, piece))
  peer.queue.splice(0, peer.queue.length, ...kept)
  return withdrawn
}
