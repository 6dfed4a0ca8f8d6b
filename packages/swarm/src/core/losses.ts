import type { PeerKey } from '@peerage/wire'
import { encodeDontHave } from '../codec/extended.ts'
import type { BlockSpan, PeerMessage } from '../codec/peer-wire.ts'
import type { Bitfield } from './bitfield.ts'
import type { PeerState } from './peer-state.ts'
import { reject } from './uploads/reject.ts'
import type { Turn } from './vocabulary.ts'
import type { Wanted } from './picker/wanted.ts'

export interface LossesInit {
  have: Bitfield
  peers: ReadonlyMap<PeerKey, PeerState>
  wanted: Wanted
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/**
 * Pieces that were announced and turned out wrong when they were read. They are given no more, and
 * not fetched either: what is in their place is the user's, who may have changed it on purpose.
 */
export class Losses {
  readonly #init: LossesInit
  readonly #pieces = new Set<number>()

  constructor(init: LossesInit) {
    this.#init = init
  }

  /** Whether a request for this piece may have crossed with the news of its loss. */
  has(piece: number): boolean {
    return this.#pieces.has(piece)
  }

  lose(turn: Turn, piece: number): void {
    const { have, wanted, peers } = this.#init
    if (!have.has(piece)) return
    wanted.lose(piece)
    have.delete(piece)
    this.#pieces.add(piece)
    turn.emit({ type: 'tell', news: { type: 'lost-piece', piece } })
    for (const peer of peers.values()) if (peer.shaken) this.#tell(turn, peer, piece)
  }

  #tell(turn: Turn, peer: PeerState, piece: number): void {
    const { send } = this.#init
    const asked = (span: BlockSpan): boolean => span.piece === piece
    reject(turn, peer, peer.queue.filter(asked), send)
    const others = peer.queue.filter((span) => !asked(span))
    peer.queue.splice(0, peer.queue.length, ...others)
    const id = peer.extended?.dontHaveId
    if (id != null) send(turn, peer, { type: 'extended', id, payload: encodeDontHave(piece) })
    // a bitfield can be sent only once: it gets the right one when it comes again
    else turn.emit({ type: 'drop', peer: peer.key, reason: 'to begin anew without a lost piece' })
  }
}
