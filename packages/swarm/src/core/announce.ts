import type { PeerMessage } from '../codec/peer-wire.ts'
import type { Bitfield } from './bitfield.ts'
import type { PeerState } from './peer-state.ts'
import type { Turn } from './vocabulary.ts'

/** Right after the handshakes: the only time to say all we have at once (BEP 3, BEP 6). */
export function announceAll(
  turn: Turn,
  peer: PeerState,
  have: Bitfield,
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
): void {
  if (peer.fast && have.complete) send(turn, peer, { type: 'have-all' })
  else if (peer.fast && have.count === 0) send(turn, peer, { type: 'have-none' })
  else if (have.count > 0) send(turn, peer, { type: 'bitfield', bits: have.toBytes() })
}
