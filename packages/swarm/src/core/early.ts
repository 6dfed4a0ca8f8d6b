import type { PeerMessage } from '../codec/peer-wire.ts'
import { limits } from '../limits.ts'
import { breach, type Charge } from './downloads/blame.ts'
import type { Early, PeerState } from './peer-state.ts'

/**
 * Before the torrent is known: what a peer says of itself is kept for later.
 *
 * @returns its offence, if there is one
 */
export function note(peer: PeerState, message: PeerMessage): Charge | undefined {
  if (message.type === 'unchoke') peer.unchokesUs = true
  if (message.type === 'choke') peer.unchokesUs = false
  if (message.type === 'interested') peer.interested = true
  if (message.type === 'not-interested') peer.interested = false
  if (message.type === 'have') {
    const { haves } = (peer.early ??= { haves: new Set() })
    if (haves.size < limits.metadata.earlyHaves) haves.add(message.piece)
  }
  const whole = wholeOf(message)
  if (whole == null) return undefined
  if (peer.early != null) return breach(peer.key, 'said late what it has')
  peer.early = whole
  return undefined
}

/** What a peer says it had when it came. */
function wholeOf(message: PeerMessage): Early | undefined {
  if (message.type === 'bitfield') return { bits: message.bits.slice(), haves: new Set() }
  if (message.type === 'have-all') return { all: true, haves: new Set() }
  return message.type === 'have-none' ? { none: true, haves: new Set() } : undefined
}
