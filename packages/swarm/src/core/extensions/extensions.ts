import { WireError } from '@peerage/wire'
import {
  decodeDontHave,
  decodeExtendedHandshake,
  decodeMetadata,
  encodeExtendedHandshake,
  encodeMetadata,
  ourDontHaveId,
  ourMetadataId,
  type MetadataMessage
} from '../../codec/extended.ts'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import { ourPexId } from '../../codec/peer-exchange.ts'
import { ourQueueId } from '../../codec/queue-status.ts'
import { limits } from '../../limits.ts'
import { breach, type Charge } from '../downloads/blame.ts'
import { giveMetadata, type MetadataFetch } from './metadata.ts'
import { PeerExchange, type PeerExchangeInit } from './peer-exchange.ts'
import type { PeerState } from '../peer-state.ts'
import { queued } from './queued.ts'
import type { Turn } from '../vocabulary.ts'

export interface ExtensionsInit extends Omit<PeerExchangeInit, 'send'> {
  metadata: MetadataFetch
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/** What goes on in extended messages (BEP 10), to and fro. */
export class Extensions {
  readonly #init: ExtensionsInit
  readonly #exchange: PeerExchange

  constructor(init: ExtensionsInit) {
    this.#init = init
    this.#exchange = new PeerExchange({
      ...init,
      send: (turn, peer, payload) => {
        this.#send(turn, peer, peer.extended?.pexId, payload)
      }
    })
  }

  tick(turn: Turn): void {
    this.#exchange.tick(turn)
  }

  /** Our extended handshake; sent again when there is more to say. */
  introduce(turn: Turn, peer: PeerState): void {
    const sharing = this.#init.sharing()
    const payload = encodeExtendedHandshake({
      metadataId: ourMetadataId,
      pexId: this.#exchange.allowed ? ourPexId : 0,
      queueId: ourQueueId,
      requestQueue: limits.uploads.queue,
      ...(sharing && {
        metadataSize: sharing.torrent.info.byteLength,
        uploadOnly: sharing.finished
      })
    })
    this.#init.send(turn, peer, { type: 'extended', id: 0, payload })
  }

  /** @returns the peer's offence, if there is one */
  message(turn: Turn, peer: PeerState, id: number, payload: Uint8Array): Charge | undefined {
    if (!peer.talk.take(turn.now)) {
      const reason = 'sends more extended messages than anybody has to say'
      return { peer: peer.key, offence: limits.trust.unasked, reason }
    }
    if (id === 0) return this.#handshake(turn, peer, payload)
    if (id === ourMetadataId) return this.#metadata(turn, peer, payload)
    if (id === ourPexId) return this.#exchange.message(turn, peer, payload)
    if (id === ourQueueId) return queued(turn, peer, payload)
    if (id === ourDontHaveId) return this.#dontHave(turn, peer, payload)
    return undefined
  }

  sendMetadata(turn: Turn, peer: PeerState, message: MetadataMessage): void {
    this.#send(turn, peer, peer.extended?.metadataId, encodeMetadata(message))
  }

  #send(turn: Turn, peer: PeerState, id: number | undefined, payload: Uint8Array): void {
    if (id) this.#init.send(turn, peer, { type: 'extended', id, payload })
  }

  #handshake(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
    const handshake = decodeExtendedHandshake(payload)
    if (handshake instanceof WireError) return breach(peer.key, handshake.message)
    peer.extended = { ...peer.extended, ...handshake }
    if (handshake.requestQueue != null) peer.window.cap(handshake.requestQueue)
    const sharing = this.#init.sharing()
    if (sharing == null) this.#init.metadata.offer(turn, peer)
    else sharing.partIfNeitherWants(turn, peer)
    return undefined
  }

  #metadata(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
    const message = decodeMetadata(payload)
    if (message instanceof WireError) return breach(peer.key, message.message)
    if (message?.type === 'data') return this.#init.metadata.data(turn, peer, message)
    if (message?.type === 'reject') this.#init.metadata.rejected(turn, peer)
    if (message?.type === 'request') {
      const { torrent } = this.#init.sharing() ?? {}
      this.sendMetadata(turn, peer, giveMetadata(peer, torrent, message.piece))
    }
    return undefined
  }

  #dontHave(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
    const piece = decodeDontHave(payload)
    if (piece instanceof WireError) return breach(peer.key, piece.message)
    const sharing = this.#init.sharing()
    if (sharing == null) peer.early?.haves.delete(piece)
    return sharing?.lost(turn, peer, piece)
  }
}
