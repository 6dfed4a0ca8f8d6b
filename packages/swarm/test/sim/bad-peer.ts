import type { Core, Emit, Input, PeerKey } from '@peerage/wire'
import { ourReserved } from '../../src/codec/handshake.ts'
import type { PeerMessage } from '../../src/codec/peer-wire.ts'
import type { TorrentVocabulary } from '../../src/core/vocabulary.ts'
import { noise } from '../fake-torrent.ts'

/** Says something to one peer. */
export type Say = (message: PeerMessage) => void

/** What a peer does that no honest one does. */
export interface Manners {
  /** the same to every peer, ten times a second */
  always?: (say: Say) => void
  /** when a peer asks for a block */
  asked?: (say: Say, request: PeerMessage & { type: 'request' }, now: number) => void
}

/** Speaks the protocol as far as it suits it: it says that it has everything, and unchokes everybody. */
export class BadPeer implements Core<TorrentVocabulary> {
  wakeAt = 0
  readonly #infoHash: Uint8Array
  readonly #manners: Manners
  readonly #peers = new Set<PeerKey>()

  constructor(infoHash: Uint8Array, manners: Manners) {
    this.#infoHash = infoHash
    this.#manners = manners
  }

  handle(now: number, input: Input<TorrentVocabulary>, emit: Emit<TorrentVocabulary>): void {
    const sayTo =
      (peer: PeerKey): Say =>
      (frame) => {
        emit({ type: 'send', peer, frame })
      }
    if (input.type === 'up') this.#greet(input.peer, sayTo(input.peer))
    if (input.type === 'down') this.#peers.delete(input.peer)
    if (input.type === 'frame' && input.frame.type === 'request') {
      this.#manners.asked?.(sayTo(input.peer), input.frame, now)
    }
    if (now < this.wakeAt) return
    this.wakeAt = now + 100
    for (const peer of this.#peers) this.#manners.always?.(sayTo(peer))
  }

  #greet(peer: PeerKey, say: Say): void {
    this.#peers.add(peer)
    say({ type: 'handshake', infoHash: this.#infoHash, peerId: noise(20), reserved: ourReserved() })
    say({ type: 'have-all' })
    say({ type: 'unchoke' })
  }
}
