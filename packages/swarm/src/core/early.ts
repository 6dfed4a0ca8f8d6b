import type { PeerMessage } from '../codec/peer-wire.ts'
import { limits } from '../limits.ts'
import type { PeerState } from './peer-state.ts'

/** Before the torrent is known: what a peer says of itself is kept for later. */
export function note(peer: PeerState, message: PeerMessage): undefined {
  if (message.type === 'unchoke') peer.unchokesUs = true
  if (message.type === 'choke') peer.unchokesUs = false
  if (message.type === 'interested') peer.interested = true
  if (message.type === 'not-interested') peer.interested = false
  if (message.type === 'bitfield') (peer.early ??= { haves: new Set() }).bits = message.bits.slice()
  if (message.type === 'have-all') (peer.early ??= { haves: new Set() }).all = true
  if (message.type === 'have') {
    const { haves } = (peer.early ??= { haves: new Set() })
    if (haves.size < limits.metadata.earlyHaves) haves.add(message.piece)
  }
}
