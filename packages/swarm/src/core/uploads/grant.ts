import type { PeerKey } from '@peerage/wire'
import type { Torrent } from '../../codec/metainfo.ts'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import { limits } from '../../limits.ts'
import { allowedFast } from './allowed-fast.ts'
import type { Bitfield } from '../bitfield.ts'
import type { PeerState } from '../peer-state.ts'
import type { Turn } from '../vocabulary.ts'

export interface GrantInit {
  torrent: Torrent
  have: Bitfield
  ipv4Of?: ((peer: PeerKey) => Uint8Array | undefined) | undefined
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/** Lets a peer that has next to nothing ask for a few pieces before its turn (BEP 6). */
export function grantFast(turn: Turn, peer: PeerState, pieces: Bitfield, init: GrantInit): void {
  const { torrent, have, ipv4Of, send } = init
  const ipv4 = peer.fast && pieces.count < limits.fast.set ? ipv4Of?.(peer.key) : undefined
  if (ipv4 == null) return
  const { infoHash, pieceCount } = torrent
  for (const piece of allowedFast({ ipv4, infoHash, pieceCount, count: limits.fast.set })) {
    if (!have.has(piece)) continue
    peer.allowed.add(piece)
    send(turn, peer, { type: 'allowed-fast', piece })
  }
}
