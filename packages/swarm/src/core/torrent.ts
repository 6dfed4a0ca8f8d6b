import { WireError, type Core, type Emit, type Input, type PeerKey } from '@peerage/wire'
import { speaksExtended, speaksFast, type Handshake } from '../codec/handshake.ts'
import type { Torrent } from '../codec/metainfo.ts'
import { isFast, type PeerMessage } from '../codec/peer-wire.ts'
import { limits } from '../limits.ts'
import { Bitfield } from './bitfield.ts'
import { breach, type Charge } from './downloads/blame.ts'
import { Candidates } from './candidates.ts'
import { Control } from './control.ts'
import { note } from './early.ts'
import { Extensions } from './extensions/extensions.ts'
import { Greeting } from './greeting.ts'
import { HashExchange, isHashMessage } from './extensions/hash-exchange.ts'
import { Jobs } from './jobs.ts'
import { MagnetFetch } from './extensions/magnet-fetch.ts'
import { PeerState } from './peer-state.ts'
import { measure, type TorrentProgress } from './progress.ts'
import { Sharing, type SharingInit } from './sharing.ts'
import type { TorrentCoreInit } from './torrent-init.ts'
import type { TorrentAsk, TorrentResult, TorrentVocabulary, Turn } from './vocabulary.ts'

/** Between two looks at timeouts, rates and choking. */
const tick = 1_000

/** One torrent: all that is decided about it, and none of what carries it out. */
export class TorrentCore implements Core<TorrentVocabulary> {
  readonly #init: TorrentCoreInit
  readonly #peers = new Map<PeerKey, PeerState>()
  readonly #greeting: Greeting
  readonly #candidates = new Candidates()
  readonly #jobs = new Jobs()
  readonly #control: Control
  readonly #magnet: MagnetFetch
  readonly #extensions: Extensions
  readonly #hashes: HashExchange
  #sharing: Sharing | undefined
  #tickAt = -Infinity
  /** as far as peers know */
  #finished = false
  /** what the user asked for, for when the torrent is known */
  readonly #wishes: Pick<SharingInit, 'files' | 'order'>

  constructor(init: TorrentCoreInit) {
    this.#init = init
    this.#wishes = { files: init.files }
    this.#greeting = new Greeting(init)
    this.#control = init.control ?? new Control()
    const send = this.#send
    this.#magnet = new MagnetFetch({
      peers: this.#peers,
      jobs: this.#jobs,
      control: this.#control,
      send,
      sendMetadata: (turn, peer, message) => {
        this.#extensions.sendMetadata(turn, peer, message)
      },
      adopted: this.#adopted
    })
    const { metadata } = this.#magnet
    this.#extensions = new Extensions({
      peers: this.#peers,
      jobs: this.#jobs,
      metadata,
      sharing: () => this.#sharing,
      wanting: () => this.#wantsPeers,
      met: (turn, peers) => {
        for (const peer of peers) this.#candidates.add(peer)
        this.#dial(turn)
      },
      send
    })
    const layers = () => this.#magnet.layers
    this.#hashes = new HashExchange({ layers, torrent: () => this.torrent, send })
    if (init.torrent != null) this.#share(init.torrent, init.have)
  }

  get torrent(): Torrent | undefined {
    return this.#sharing?.torrent
  }

  /** Verified pieces; undefined while a magnet's metadata is on its way. */
  get have(): Bitfield | undefined {
    return this.#sharing?.have
  }

  /** Everything that is wanted is here. */
  get finished(): boolean {
    return this.#sharing?.finished === true
  }

  /** Verified pieces by the peer that gave most of each. */
  get gave(): Iterable<[PeerKey, number]> {
    return this.#sharing?.downloads.gave ?? []
  }

  get wakeAt(): number {
    // a disk that failed is tried again, whoever is here
    if (this.#peers.size > 0 || this.#sharing?.disk.error != null) return this.#tickAt
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
        this.#up(turn, input.peer, input.direction)
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
        this.#ask(turn, input.ask)
        break
    }
    if (now >= this.#tickAt) this.#tick(turn)
    this.#sayUploadOnly(turn)
  }

  get #wantsPeers(): boolean {
    return !this.#control.paused && !this.finished
  }

  #ask(turn: Turn, ask: TorrentAsk): void {
    if (ask.type === 'know') this.#candidates.add(ask.peer)
    else if (ask.type === 'pause' || ask.type === 'resume') {
      this.#control.paused = ask.type === 'pause'
      if (this.#control.paused) this.#magnet.pause()
      this.#sharing?.hold(turn)
    } else {
      if (ask.type === 'prioritize') this.#wishes.files = ask.files
      if (ask.type === 'order') this.#wishes.order = ask.order
      this.#sharing?.wish(turn, ask)
    }
    this.#dial(turn)
  }

  /** Tells peers when we begin, or cease, to want nothing (BEP 21). */
  #sayUploadOnly(turn: Turn): void {
    const { finished } = this
    if (finished === this.#finished) return
    this.#finished = finished
    for (const peer of this.#peers.values()) {
      if (peer.extended != null) this.#extensions.introduce(turn, peer)
    }
  }

  #up(turn: Turn, key: PeerKey, direction: 'inbound' | 'outbound'): void {
    const peer = new PeerState(key, turn.now)
    this.#candidates.up(turn.now, key)
    if (this.#peers.size >= this.#control.maxPeers) {
      turn.emit({ type: 'drop', peer: key, reason: 'there are enough peers' })
      return
    }
    this.#peers.set(key, peer)
    // whoever came says first which torrent, and by which of its names
    if (direction === 'outbound') this.#send(turn, peer, this.#greeting.call(peer))
  }

  #down(turn: Turn, key: PeerKey): void {
    this.#candidates.down(turn.now, key, this.finished)
    const peer = this.#peers.get(key)
    if (peer == null) return
    this.#peers.delete(key)
    this.#greeting.left(peer)
    this.#magnet.left(peer)
    this.#sharing?.left(turn, peer)
    this.#dial(turn)
  }

  #frame(turn: Turn, key: PeerKey, message: PeerMessage): void {
    const peer = this.#peers.get(key)
    const charge = peer && this.#read(turn, peer, message)
    if (charge != null) turn.emit({ type: 'score', ...charge })
  }

  #read(turn: Turn, peer: PeerState, message: PeerMessage): Charge | undefined {
    if (message.type === 'handshake') return this.#shake(turn, peer, message)
    if (message.type === 'extended') {
      return this.#extensions.message(turn, peer, message.id, message.payload)
    }
    if (isHashMessage(message)) return this.#hashes.message(turn, peer, message)
    if (isFast(message) && !peer.fast) {
      return breach(peer.key, `sent "${message.type}" without the fast extension`)
    }
    if (this.#sharing == null) return note(peer, message)
    return this.#sharing.message(turn, peer, message)
  }

  #shake(turn: Turn, peer: PeerState, handshake: Handshake): Charge | undefined {
    const answer = this.#greeting.hear(peer, handshake)
    if (answer != null && 'offence' in answer) return answer
    if (answer != null) this.#send(turn, peer, answer)
    peer.shaken = true
    peer.fast = speaksFast(handshake.reserved)
    if (this.#sharing != null) this.#sharing.join(turn, peer)
    else if (peer.fast) this.#send(turn, peer, { type: 'have-none' })
    if (speaksExtended(handshake.reserved)) this.#extensions.introduce(turn, peer)
    if (this.#sharing == null) this.#magnet.offer(turn, peer)
    return undefined
  }

  readonly #adopted = (turn: Turn, result: TorrentResult & { type: 'adopted' }): void => {
    const { torrent, have, files } = result
    this.#greeting.learn(torrent)
    if (files != null) this.#wishes.files = files
    const pieces = have == null ? undefined : Bitfield.read(have, torrent.pieceCount)
    const sharing = this.#share(torrent, pieces instanceof WireError ? undefined : pieces)
    if (this.#wishes.files != null) sharing.want(turn, this.#wishes.files)
    turn.emit({ type: 'tell', news: { type: 'metadata', torrent } })
    if (sharing.finished) turn.emit({ type: 'tell', news: { type: 'complete' } })
    for (const peer of this.#peers.values()) {
      if (!peer.shaken) continue
      const charge = sharing.catchUp(turn, peer)
      if (charge != null) turn.emit({ type: 'score', ...charge })
      if (peer.extended != null) this.#extensions.introduce(turn, peer)
    }
  }

  #share(torrent: Torrent, have = new Bitfield(torrent.pieceCount)): Sharing {
    this.#sharing = new Sharing({
      ...this.#init,
      torrent,
      have,
      ...this.#wishes,
      peers: this.#peers,
      jobs: this.#jobs,
      control: this.#control,
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
    this.#magnet.tick(turn)
    this.#sharing?.tick(turn)
    this.#extensions.tick(turn)
    for (const peer of this.#peers.values()) {
      if (this.#sharing == null) this.#magnet.offer(turn, peer)
      const silentAt = peer.sentAt + limits.wire.keepAlive
      if (turn.now >= silentAt) this.#send(turn, peer, { type: 'keep-alive' })
    }
    if (this.#peers.size > 0) turn.emit({ type: 'tell', news: { type: 'progress' } })
  }

  #dial(turn: Turn): void {
    if (!this.#wantsPeers) return
    for (const peer of this.#candidates.due(turn.now, this.#peers.size, this.#control.maxPeers)) {
      if (this.#peers.has(peer)) this.#candidates.up(turn.now, peer)
      else turn.emit({ type: 'dial', peer })
    }
  }

  readonly #send = (turn: Turn, peer: PeerState, frame: PeerMessage): void => {
    peer.sentAt = turn.now
    turn.emit({ type: 'send', peer: peer.key, frame })
  }
}
