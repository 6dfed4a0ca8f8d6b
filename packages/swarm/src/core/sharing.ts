import { WireError, type PeerKey, type Random } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import type { BlockSpan, PeerMessage } from '../codec/peer-wire.ts'
import { limits } from '../limits.ts'
import { announceAll } from './announce.ts'
import { Assembly } from './downloads/assembly.ts'
import { Bitfield } from './bitfield.ts'
import { breach, type Charge } from './downloads/blame.ts'
import { Disk } from './downloads/disk.ts'
import { Downloads } from './downloads/downloads.ts'
import { grantFast } from './uploads/grant.ts'
import type { Control } from './control.ts'
import type { Jobs } from './jobs.ts'
import { Losses } from './losses.ts'
import type { PickOrder } from './picker/opening.ts'
import type { PeerState } from './peer-state.ts'
import { Picker } from './picker/picker.ts'
import type { MakeUploadPolicy } from './uploads/policies/policy.ts'
import { titForTat } from './uploads/policies/tit-for-tat.ts'
import { Uploads } from './uploads/uploads.ts'
import type { Turn, Wish } from './vocabulary.ts'
import { Wanted } from './picker/wanted.ts'

export interface SharingInit {
  torrent: Torrent
  have: Bitfield
  peers: ReadonlyMap<PeerKey, PeerState>
  jobs: Jobs
  control: Control
  random: Random
  /** see {@link TorrentCoreInit} */
  ipv4Of?: ((peer: PeerKey) => Uint8Array | undefined) | undefined
  /** whom to serve @default titForTat() */
  uploads?: MakeUploadPolicy | undefined
  /** see {@link TorrentAsk} @default all alike */
  files?: readonly number[] | undefined
  /** @default 'rarest-first' */
  order?: PickOrder | undefined
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/** Everything that takes the torrent to be known: who has what, who wants what, give and take. */
export class Sharing {
  readonly torrent: Torrent
  readonly have: Bitfield
  readonly picker: Picker
  readonly wanted: Wanted
  readonly disk: Disk
  readonly downloads: Downloads
  readonly uploads: Uploads
  readonly #init: SharingInit

  constructor(init: SharingInit) {
    const { torrent, have, random } = init
    const assembly = new Assembly((piece) => torrent.pieceSize(piece))
    this.#init = init
    this.torrent = torrent
    this.have = have
    this.picker = new Picker({
      pieceCount: torrent.pieceCount,
      blocksIn: (piece) => Math.ceil(torrent.pieceSize(piece) / limits.wire.block),
      random,
      have,
      forget: (piece) => {
        assembly.drop(piece)
      }
    })
    this.wanted = new Wanted(torrent, this.picker)
    if (init.files != null) this.wanted.prioritize(init.files)
    if (init.order != null) this.picker.setOrder(init.order)
    this.disk = new Disk(init.jobs, (turn, well) => {
      if (well) this.downloads.fillAll(turn)
      else this.downloads.pause(turn)
    })
    this.downloads = new Downloads({
      ...init,
      disk: this.disk,
      picker: this.picker,
      assembly,
      stored: (turn, piece, senders) => {
        this.uploads.received(piece, senders)
        this.#stored(turn, piece)
      }
    })
    const policy = (init.uploads ?? titForTat())(torrent)
    const losses = new Losses({ ...init, wanted: this.wanted })
    this.uploads = new Uploads({ ...init, picker: this.picker, policy, losses })
  }

  /** Everything that is wanted is here. */
  get finished(): boolean {
    return this.picker.left === 0
  }

  /** Its handshake is here. */
  join(turn: Turn, peer: PeerState): void {
    announceAll(turn, peer, this.have, this.#init.send)
  }

  /** The torrent became known while the peer was here: tell what we have, hear what it said before. */
  catchUp(turn: Turn, peer: PeerState): Charge | undefined {
    if (this.have.count > limits.wire.lateHaves) {
      turn.emit({ type: 'drop', peer: peer.key, reason: 'to begin anew with a bitfield' })
      return undefined
    }
    for (const piece of this.have) this.#init.send(turn, peer, { type: 'have', piece })
    const { bits, all, none, haves = new Set<number>() } = peer.early ?? {}
    peer.early = undefined
    let wrong = bits == null ? undefined : this.#bitfield(turn, peer, bits)
    if (all) wrong ??= this.#hasFrom(turn, peer, Bitfield.full(this.torrent.pieceCount))
    if (none) wrong ??= this.#hasFrom(turn, peer, new Bitfield(this.torrent.pieceCount))
    for (const piece of haves) wrong ??= this.#peerHas(turn, peer, piece)
    return wrong
  }

  /** @returns the peer's offence, if there is one */
  message(turn: Turn, peer: PeerState, message: PeerMessage): Charge | undefined {
    switch (message.type) {
      case 'choke':
        peer.unchokesUs = false
        this.downloads.choked(turn, peer)
        return undefined
      case 'unchoke':
        peer.unchokesUs = true
        peer.window.begin()
        this.downloads.fill(turn, peer)
        return undefined
      case 'bitfield':
        return this.#bitfield(turn, peer, message.bits)
      case 'have':
        return this.#peerHas(turn, peer, message.piece)
      case 'piece':
        return this.downloads.block(turn, peer, message)
      case 'interested':
        peer.interested = true
        this.uploads.interested(turn)
        return undefined
      case 'not-interested':
        peer.interested = false
        return undefined
      case 'request':
        return this.#request(turn, peer, message)
      case 'cancel':
        this.uploads.cancel(turn, peer, message)
        return undefined
      case 'have-all':
        return this.#hasFrom(turn, peer, Bitfield.full(this.torrent.pieceCount))
      case 'have-none':
        return this.#hasFrom(turn, peer, new Bitfield(this.torrent.pieceCount))
      case 'reject':
        return this.downloads.rejected(turn, peer, message)
      case 'allowed-fast':
        return this.#allowedFast(turn, peer, message.piece)
      // advice only (BEP 6), and rarest first knows better
      case 'suggest':
      default:
        return undefined
    }
  }

  /** A peer has a piece no longer (BEP 54). @returns its offence, if there is no such piece */
  lost(turn: Turn, peer: PeerState, piece: number): Charge | undefined {
    if (piece >= this.torrent.pieceCount) return breach(peer.key, `lost piece ${piece}`)
    this.downloads.releasePiece(peer, piece)
    if (!this.picker.peerLost(peer.key, piece)) return undefined
    this.#express(turn, peer)
    this.downloads.fillAll(turn)
    return undefined
  }

  /** The user wants other pieces than before, or some of them soon. */
  wish(turn: Turn, wish: Wish): void {
    const { finished } = this
    this.wanted.apply(turn.now, wish)
    if (wish.type === 'prioritize') this.want(turn, wish.files)
    this.downloads.takeBackUnwanted(turn)
    if (this.finished !== finished) {
      turn.emit({ type: 'tell', news: { type: finished ? 'incomplete' : 'complete' } })
    }
    for (const peer of this.#init.peers.values()) this.#learned(turn, peer)
  }

  /** Tells the storage what is wanted, so that it makes no files that are not. */
  want(turn: Turn, files: readonly number[]): void {
    const wanted = this.torrent.files.map((_, file) => files[file] !== 0)
    this.disk.want(turn, wanted)
  }

  /** Whether it wants nothing, as it says or as its pieces show. */
  isIdle({ key, extended }: PeerState): boolean {
    return extended?.uploadOnly === true || this.picker.piecesOf(key)?.complete === true
  }

  /** Parts from a peer when neither side wants anything (BEP 21). */
  partIfNeitherWants(turn: Turn, peer: PeerState): void {
    if (!this.finished || !this.isIdle(peer)) return
    turn.emit({ type: 'drop', peer: peer.key, reason: 'neither of us wants anything' })
  }

  left(turn: Turn, peer: PeerState): void {
    this.#init.control.down.left(peer.key)
    this.#init.control.up.left(peer.key)
    this.downloads.release(peer)
    this.picker.removePeer(peer.key)
    this.downloads.fillAll(turn)
    this.uploads.interested(turn)
  }

  /** The user has paused or resumed: peers are told by interest and chokes. */
  hold(turn: Turn): void {
    const { paused } = this.#init.control
    if (paused) this.downloads.pause(turn)
    if (paused) this.uploads.pause(turn)
    for (const peer of this.#init.peers.values()) this.#express(turn, peer)
    if (paused) return
    this.downloads.fillAll(turn)
    this.uploads.interested(turn)
  }

  tick(turn: Turn): void {
    this.disk.tick(turn)
    this.downloads.tick(turn)
    this.uploads.tick(turn)
  }

  #request(turn: Turn, peer: PeerState, span: BlockSpan): Charge | undefined {
    const wrong = this.uploads.request(turn, peer, span)
    return wrong == null ? undefined : breach(peer.key, wrong)
  }

  #bitfield(turn: Turn, peer: PeerState, bits: Uint8Array): Charge | undefined {
    const pieces = Bitfield.read(bits, this.torrent.pieceCount)
    if (pieces instanceof WireError) return breach(peer.key, `sent ${pieces.message}`)
    return this.#hasFrom(turn, peer, pieces)
  }

  /** What a peer had when it came. */
  #hasFrom(turn: Turn, peer: PeerState, pieces: Bitfield): Charge | undefined {
    if (this.picker.piecesOf(peer.key) != null) return breach(peer.key, 'said late what it has')
    this.picker.addPeer(peer.key, pieces)
    grantFast(turn, peer, pieces, this.#init)
    this.#learned(turn, peer)
    return undefined
  }

  #allowedFast(turn: Turn, peer: PeerState, piece: number): Charge | undefined {
    const { pieceCount } = this.torrent
    if (piece >= pieceCount)
      return breach(peer.key, `lets us ask for piece ${piece} of ${pieceCount}`)
    if (peer.allowsUs.size < limits.fast.accepted) peer.allowsUs.add(piece)
    this.downloads.fill(turn, peer)
    return undefined
  }

  #peerHas(turn: Turn, peer: PeerState, piece: number): Charge | undefined {
    const { pieceCount } = this.torrent
    if (piece >= pieceCount) return breach(peer.key, `has piece ${piece} of ${pieceCount}`)
    if (this.picker.piecesOf(peer.key) == null) {
      this.picker.addPeer(peer.key, new Bitfield(pieceCount))
    }
    this.picker.peerHas(peer.key, piece)
    // it has something to trade by now, and waits its turn like others
    if (this.picker.piecesOf(peer.key)!.count > limits.fast.set) peer.allowed.clear()
    this.#learned(turn, peer)
    return undefined
  }

  #learned(turn: Turn, peer: PeerState): void {
    this.#express(turn, peer)
    this.partIfNeitherWants(turn, peer)
    this.downloads.fill(turn, peer)
  }

  /** Interest is exact at all times (BEP 3). */
  #express(turn: Turn, peer: PeerState): void {
    const wanting = !this.#init.control.paused && this.picker.wantedFrom(peer.key) > 0
    if (wanting === peer.wanting) return
    peer.wanting = wanting
    this.#init.send(turn, peer, { type: wanting ? 'interested' : 'not-interested' })
  }

  #stored(turn: Turn, piece: number): void {
    this.wanted.stored(piece)
    // an unwanted piece that was whole already changes nothing
    if (this.finished && this.picker.wants(piece))
      turn.emit({ type: 'tell', news: { type: 'complete' } })
    for (const peer of this.#init.peers.values()) {
      // it hears of all at once when its handshake is here
      if (!peer.shaken) continue
      if (!this.picker.piecesOf(peer.key)?.has(piece)) {
        this.#init.send(turn, peer, { type: 'have', piece })
      }
      this.#express(turn, peer)
      this.partIfNeitherWants(turn, peer)
    }
  }
}
