import {
  WireError,
  type Core,
  type Emit,
  type Input,
  type PeerKey,
  type Random
} from '@peerage/wire'
import {
  decodeExtendedHandshake,
  decodeMetadata,
  encodeExtendedHandshake,
  encodeMetadata,
  ourMetadataId,
  type MetadataMessage
} from '../codec/extended.ts'
import { ourReserved, speaksExtended, speaksFast, type Handshake } from '../codec/handshake.ts'
import type { Torrent } from '../codec/metainfo.ts'
import { isFast, type PeerMessage } from '../codec/peer-wire.ts'
import { ourQueueId } from '../codec/queue-status.ts'
import { limits } from '../limits.ts'
import { Bitfield } from './bitfield.ts'
import type { Charge } from './blame.ts'
import { Candidates } from './candidates.ts'
import { note } from './early.ts'
import { Jobs } from './jobs.ts'
import { giveMetadata, MetadataFetch } from './metadata.ts'
import { PeerState } from './peer-state.ts'
import type { MakeUploadPolicy } from './policies/policy.ts'
import { measure, type TorrentProgress } from './progress.ts'
import { queued } from './queued.ts'
import { Sharing } from './sharing.ts'
import type { TorrentResult, TorrentVocabulary, Turn } from './vocabulary.ts'

/** Between two looks at timeouts, rates and choking. */
const tick = 1_000

export interface TorrentCoreInit {
  /** 20 bytes */
  infoHash: Uint8Array
  /** our name in handshakes, 20 bytes */
  peerId: Uint8Array
  random: Random
  /** without it the metadata is fetched from peers first */
  torrent?: Torrent
  /** pieces that are stored and verified already @default none */
  have?: Bitfield
  /** whom to serve @default titForTat() */
  uploads?: MakeUploadPolicy | undefined
  /**
   * A peer's IPv4 address, 4 bytes: it may ask for a few pieces at once (BEP 6).
   *
   * @default no address is known, and nobody may
   */
  ipv4Of?: (peer: PeerKey) => Uint8Array | undefined
}

/** One torrent: all that is decided about it, and none of what carries it out. */
export class TorrentCore implements Core<TorrentVocabulary> {
  readonly #init: TorrentCoreInit
  readonly #peers = new Map<PeerKey, PeerState>()
  readonly #candidates = new Candidates()
  readonly #jobs = new Jobs()
  readonly #metadata: MetadataFetch
  #sharing: Sharing | undefined
  #tickAt = -Infinity

  constructor(init: TorrentCoreInit) {
    this.#init = init
    this.#metadata = new MetadataFetch({
      jobs: this.#jobs,
      send: this.#sendMetadata,
      adopted: this.#adopted
    })
    if (init.torrent != null) this.#share(init.torrent, init.have)
  }

  get torrent(): Torrent | undefined {
    return this.#sharing?.torrent
  }

  /** Verified pieces by the peer that gave most of each. */
  get gave(): Iterable<[PeerKey, number]> {
    return this.#sharing?.downloads.gave ?? []
  }

  get wakeAt(): number {
    if (this.#peers.size > 0) return this.#tickAt
    return this.#wantsPeers ? Math.max(this.#tickAt, this.#candidates.nextAt) : Infinity
  }

  progress(now: number): TorrentProgress {
    return measure(now, this.#peers, this.#sharing)
  }

  check(): void {
    this.#sharing?.picker.check()
  }

  handle(now: number, input: Input<TorrentVocabulary>, emit: Emit<TorrentVocabulary>): void {
    const turn = { now, emit }
    switch (input.type) {
      case 'up':
        this.#up(turn, input.peer)
        break
      case 'down':
        this.#down(turn, input.peer)
        break
      case 'frame':
        this.#frame(turn, input.peer, input.frame)
        break
      case 'slow':
      case 'ready':
        this.#flow(turn, input.peer, input.type === 'slow')
        break
      case 'done':
        this.#jobs.done(turn, input.job, input.result)
        break
      case 'ask':
        this.#candidates.add(input.ask.peer)
        this.#dial(turn)
        break
      case 'wake':
        break
    }
    if (now >= this.#tickAt) this.#tick(turn)
  }

  get #wantsPeers(): boolean {
    return this.#sharing == null || !this.#sharing.have.complete
  }

  #up(turn: Turn, key: PeerKey): void {
    const peer = new PeerState(key, turn.now)
    this.#candidates.up(turn.now, key)
    if (this.#peers.size >= limits.peers.connected) {
      turn.emit({ type: 'drop', peer: key, reason: 'there are enough peers' })
      return
    }
    this.#peers.set(key, peer)
    const { infoHash, peerId } = this.#init
    this.#send(turn, peer, { type: 'handshake', infoHash, peerId, reserved: ourReserved() })
  }

  #down(turn: Turn, key: PeerKey): void {
    this.#candidates.down(turn.now, key)
    const peer = this.#peers.get(key)
    if (peer == null) return
    this.#peers.delete(key)
    this.#metadata.left(peer)
    this.#sharing?.left(turn, peer)
    this.#dial(turn)
  }

  #frame(turn: Turn, key: PeerKey, message: PeerMessage): void {
    const peer = this.#peers.get(key)
    if (peer == null) return
    const charge = this.#read(turn, peer, message)
    if (charge != null) turn.emit({ type: 'score', ...charge })
  }

  #read(turn: Turn, peer: PeerState, message: PeerMessage): Charge | undefined {
    if (message.type === 'handshake') return this.#shake(turn, peer, message)
    if (message.type === 'extended') return this.#extended(turn, peer, message.id, message.payload)
    if (isFast(message) && !peer.fast) {
      return breach(peer, `sent "${message.type}" without the fast extension`)
    }
    if (this.#sharing == null) return note(peer, message)
    return this.#sharing.message(turn, peer, message)
  }

  #shake(turn: Turn, peer: PeerState, handshake: Handshake): Charge | undefined {
    const { infoHash } = this.#init
    if (infoHash.some((byte, i) => handshake.infoHash[i] !== byte)) {
      return breach(peer, 'answered for another torrent than we asked for')
    }
    peer.shaken = true
    peer.fast = speaksFast(handshake.reserved)
    if (this.#sharing != null) this.#sharing.join(turn, peer)
    else if (peer.fast) this.#send(turn, peer, { type: 'have-none' })
    if (speaksExtended(handshake.reserved)) this.#introduce(turn, peer)
    return undefined
  }

  /** Our extended handshake; sent again when there is more to say (BEP 10). */
  #introduce(turn: Turn, peer: PeerState): void {
    const { torrent } = this
    const payload = encodeExtendedHandshake({
      metadataId: ourMetadataId,
      queueId: ourQueueId,
      requestQueue: limits.uploads.queue,
      ...(torrent && { metadataSize: torrent.info.byteLength })
    })
    this.#send(turn, peer, { type: 'extended', id: 0, payload })
  }

  #extended(turn: Turn, peer: PeerState, id: number, payload: Uint8Array): Charge | undefined {
    if (id === ourMetadataId) return this.#metadataMessage(turn, peer, payload)
    if (id === ourQueueId) return queued(turn, peer, payload)
    if (id !== 0) return undefined
    const handshake = decodeExtendedHandshake(payload)
    if (handshake instanceof WireError) return breach(peer, handshake.message)
    peer.extended = { ...peer.extended, ...handshake }
    if (handshake.requestQueue != null) peer.window.cap(handshake.requestQueue)
    if (this.#sharing == null) this.#metadata.offer(turn, peer)
    return undefined
  }

  #metadataMessage(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
    const message = decodeMetadata(payload)
    if (message instanceof WireError) return breach(peer, message.message)
    if (message?.type === 'data') return this.#metadata.data(turn, peer, message)
    if (message?.type === 'reject') this.#metadata.rejected(turn, peer)
    if (message?.type === 'request') {
      this.#sendMetadata(turn, peer, giveMetadata(peer, this.torrent, message.piece))
    }
    return undefined
  }

  readonly #sendMetadata = (turn: Turn, peer: PeerState, message: MetadataMessage): void => {
    const id = peer.extended?.metadataId
    if (id == null) return
    this.#send(turn, peer, { type: 'extended', id, payload: encodeMetadata(message) })
  }

  readonly #adopted = (turn: Turn, result: TorrentResult & { type: 'adopted' }): void => {
    const { torrent, have } = result
    const pieces = have == null ? undefined : Bitfield.read(have, torrent.pieceCount)
    const sharing = this.#share(torrent, pieces instanceof WireError ? undefined : pieces)
    turn.emit({ type: 'tell', news: { type: 'metadata', torrent } })
    if (sharing.have.complete) turn.emit({ type: 'tell', news: { type: 'complete' } })
    for (const peer of this.#peers.values()) {
      if (!peer.shaken) continue
      const charge = sharing.catchUp(turn, peer)
      if (charge != null) turn.emit({ type: 'score', ...charge })
      if (peer.extended != null) this.#introduce(turn, peer)
    }
  }

  #share(torrent: Torrent, have = new Bitfield(torrent.pieceCount)): Sharing {
    const { random, ipv4Of, uploads } = this.#init
    this.#sharing = new Sharing({
      torrent,
      have,
      random,
      uploads,
      ipv4Of,
      peers: this.#peers,
      jobs: this.#jobs,
      send: this.#send
    })
    return this.#sharing
  }

  #flow(turn: Turn, key: PeerKey, slow: boolean): void {
    const peer = this.#peers.get(key)
    if (peer == null) return
    peer.slow = slow
    this.#sharing?.uploads.serve(turn, peer)
  }

  #tick(turn: Turn): void {
    this.#tickAt = turn.now + tick
    this.#dial(turn)
    this.#metadata.tick(turn)
    this.#sharing?.tick(turn)
    for (const peer of this.#peers.values()) {
      if (this.#sharing == null) this.#metadata.offer(turn, peer)
      const quiet = turn.now - peer.sentAt
      if (quiet >= limits.wire.keepAlive) this.#send(turn, peer, { type: 'keep-alive' })
    }
    if (this.#peers.size > 0) turn.emit({ type: 'tell', news: { type: 'progress' } })
  }

  #dial(turn: Turn): void {
    if (!this.#wantsPeers) return
    for (const peer of this.#candidates.due(turn.now, this.#peers.size)) {
      if (this.#peers.has(peer)) this.#candidates.up(turn.now, peer)
      else turn.emit({ type: 'dial', peer })
    }
  }

  readonly #send = (turn: Turn, peer: PeerState, frame: PeerMessage): void => {
    peer.sentAt = turn.now
    turn.emit({ type: 'send', peer: peer.key, frame })
  }
}

function breach(peer: PeerState, reason: string): Charge {
  return { peer: peer.key, offence: limits.trust.breach, reason }
}
