import { BoundedMap, type PeerKey } from '@peerage/wire'
import type { BlockSpan, PeerMessage } from '../../codec/peer-wire.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import { limits } from '../../limits.ts'
import { Assembly, givers } from './assembly.ts'
import { Blame, type Charge } from './blame.ts'
import type { Control } from '../control.ts'
import type { Disk } from './disk.ts'
import type { Jobs } from '../jobs.ts'
import { blockKey, type OpenRequest, type PeerState } from '../peer-state.ts'
import type { BlockRef, Picker } from '../picker/picker.ts'
import type { Turn } from '../vocabulary.ts'

const { block: blockSize } = limits.wire

export interface DownloadsInit {
  torrent: Torrent
  picker: Picker
  assembly: Assembly
  peers: ReadonlyMap<PeerKey, PeerState>
  jobs: Jobs
  disk: Disk
  control: Control
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
  /** a piece is verified and stored; `senders` gave its blocks */
  stored: (turn: Turn, piece: number, senders: readonly PeerKey[]) => void
}

/** The taking half of a torrent: what to ask of whom, and what becomes of what comes. */
export class Downloads {
  /** bytes that came */
  received = 0
  /** bytes that came and were not needed, or were wrong */
  wasted = 0
  /** verified pieces by the peer that gave most of each */
  readonly gave = new BoundedMap<PeerKey, number>({ max: limits.peers.known })
  readonly #init: DownloadsInit
  readonly #blame = new Blame()
  /** requests open, all peers together */
  #open = 0

  constructor(init: DownloadsInit) {
    this.#init = init
  }

  /** Asks a peer for as much as its window takes. */
  fill(turn: Turn, peer: PeerState): void {
    const { requests, window } = peer
    const most = limits.requests.bytes / blockSize - this.#open
    const room = Math.min(window.size - requests.size, most)
    // a quarter of the window at a time: one write carries many requests
    if (this.#init.disk.error != null || room <= 0 || room * 4 < window.size) return
    const { picker, control } = this.#init
    const allowed = control.paused ? 0 : control.down.room(turn.now, peer.key)
    if (allowed === 0) return
    const count = Math.min(room, Math.ceil(allowed / blockSize))
    const parole = this.#blame.onParole(peer.key)
    const picked = peer.unchokesUs
      ? picker.pick(peer.key, count, { now: turn.now, snubbed: window.snubbed, parole })
      : picker.pickFrom(peer.key, peer.allowsUs, count, { now: turn.now, parole })
    if (peer.unchokesUs && !parole && picked.length === 0 && requests.size === 0) {
      const busy = picker.pickBusy(peer.key, turn.now)
      if (busy != null) picked.push(busy)
    }
    if (requests.size === 0) peer.heardAt = turn.now
    for (const ref of picked) this.#ask(turn, peer, ref)
  }

  fillAll(turn: Turn): void {
    for (const peer of this.#init.peers.values()) this.fill(turn, peer)
  }

  /** A block has come. @returns the peer's offence, if there is one */
  block(turn: Turn, peer: PeerState, message: PeerMessage & { type: 'piece' }): Charge | undefined {
    const ref = { piece: message.piece, block: message.begin / blockSize }
    const request = this.#answered(peer, blockKey(ref))
    this.received += message.block.byteLength
    if (request == null || !Number.isInteger(ref.block)) {
      this.wasted += message.block.byteLength
      const reason = 'sent a block we have not asked for'
      return { peer: peer.key, offence: limits.trust.unasked, reason }
    }
    if (message.block.byteLength !== this.#spanOf(ref).length) {
      this.#init.picker.release(peer.key, ref)
      const reason = 'sent a block of another length than we asked for'
      return { peer: peer.key, offence: limits.trust.breach, reason }
    }
    peer.heardAt = turn.now
    peer.down.add(turn.now, message.block.byteLength)
    peer.gives.add(turn.now, message.block.byteLength)
    peer.window.received(turn.now, message.block.byteLength, turn.now - request.askedAt)
    this.#accept(turn, peer, ref, message.block)
    this.fill(turn, peer)
    return undefined
  }

  /** The peer choked us. With the fast extension it rejects what it will not send (BEP 6). */
  choked(turn: Turn, peer: PeerState): void {
    if (!peer.fast) this.release(peer)
    else if (peer.requests.size === 0) this.#init.picker.abandon(peer.key)
    this.fillAll(turn)
  }

  /** The peer will not serve a request. @returns its offence, if it was asked for no such thing */
  rejected(turn: Turn, peer: PeerState, span: BlockSpan): Charge | undefined {
    const ref = { piece: span.piece, block: span.begin / blockSize }
    const key = blockKey(ref)
    const open = peer.requests.delete(key)
    if (!open && peer.lapsed.take(key) == null) {
      const reason = 'rejected a request we have not made'
      return { peer: peer.key, offence: limits.trust.unasked, reason }
    }
    if (!open) return undefined
    this.#open--
    this.#init.picker.release(peer.key, ref)
    if (peer.requests.size > 0) return undefined
    if (!peer.unchokesUs) this.#init.picker.abandon(peer.key)
    // not of this peer before the next tick: it might reject all of it again
    for (const other of this.#init.peers.values()) if (other !== peer) this.fill(turn, other)
    return undefined
  }

  /** The peer will not answer: it choked us, or is gone. What it owes is free for others. */
  release(peer: PeerState): void {
    for (const [key, request] of peer.requests) {
      this.#lapse(peer, key, request)
      this.#init.picker.release(peer.key, request)
    }
    this.#init.picker.abandon(peer.key)
  }

  /** The peer will not answer for this piece. */
  releasePiece(peer: PeerState, piece: number): void {
    for (const [key, request] of peer.requests) {
      if (request.piece !== piece) continue
      this.#lapse(peer, key, request)
      this.#init.picker.release(peer.key, request)
    }
  }

  /** Cancels what was asked for and is not wanted any more. */
  takeBackUnwanted(turn: Turn): void {
    for (const peer of this.#init.peers.values()) {
      for (const request of peer.requests.values()) {
        if (!this.#init.picker.wants(request.piece)) this.#cancel(turn, peer, request)
      }
    }
  }

  /** What is asked for is taken back; of what is begun nothing is lost, and what is whole is kept. */
  pause(turn: Turn): void {
    for (const peer of this.#init.peers.values()) this.#takeBack(turn, peer)
  }

  tick(turn: Turn): void {
    for (const peer of this.#init.peers.values()) this.#snubIfSilent(turn, peer)
    this.fillAll(turn)
  }

  #ask(turn: Turn, peer: PeerState, ref: BlockRef): void {
    peer.requests.set(blockKey(ref), { ...ref, askedAt: turn.now })
    this.#open++
    const span = this.#spanOf(ref)
    this.#init.control.down.take(turn.now, peer.key, span.length)
    this.#init.send(turn, peer, { type: 'request', ...span })
  }

  #answered(peer: PeerState, key: number): OpenRequest | undefined {
    const request = peer.requests.get(key)
    if (request != null) {
      peer.requests.delete(key)
      this.#open--
      return request
    }
    return peer.lapsed.take(key)
  }

  /** The request is taken back, but its answer may be on its way. */
  #lapse(peer: PeerState, key: number, request: OpenRequest): void {
    peer.requests.delete(key)
    this.#open--
    peer.lapsed.add(key, request)
  }

  #cancel(turn: Turn, peer: PeerState, request: OpenRequest): void {
    this.#lapse(peer, blockKey(request), request)
    this.#init.send(turn, peer, { type: 'cancel', ...this.#spanOf(request) })
  }

  #accept(turn: Turn, peer: PeerState, ref: BlockRef, bytes: Uint8Array): void {
    const { picker, assembly, peers } = this.#init
    const others = picker.received(peer.key, ref)
    if (others == null) {
      this.wasted += bytes.byteLength
      return
    }
    for (const key of others) {
      const other = peers.get(key)
      const request = other?.requests.get(blockKey(ref))
      if (other != null && request != null) this.#cancel(turn, other, request)
    }
    assembly.add(ref.piece, ref.block, bytes, peer.key)
    if (picker.isWhole(ref.piece)) this.#store(turn, ref.piece)
  }

  #store(turn: Turn, piece: number): void {
    const { bytes } = this.#init.assembly.get(piece)!
    this.#init.jobs.start(turn, { type: 'store', piece, bytes }, (later, result) => {
      if (result.type === 'stored') this.#stored(later, piece)
      else if (result.type === 'corrupt') this.#corrupt(later, piece)
      else if (result.type === 'refused') {
        later.emit({ type: 'tell', news: { type: 'hopeless', error: result.error } })
      } else {
        const error = 'error' in result ? result.error : new Error(result.type)
        this.#init.disk.failed(later, piece, error, (again) => {
          this.#store(again, piece)
        })
      }
    })
  }

  #stored(turn: Turn, piece: number): void {
    const { assembly, picker } = this.#init
    const { bytes, senders } = assembly.get(piece)!
    const from = givers(senders)
    picker.verified(piece)
    this.gave.set(from[0]!, (this.gave.get(from[0]!) ?? 0) + 1)
    for (const charge of this.#blame.passed(piece, { bytes, senders })) {
      turn.emit({ type: 'score', ...charge })
    }
    assembly.recycle(piece)
    turn.emit({ type: 'tell', news: { type: 'piece', piece, from } })
    this.#init.stored(turn, piece, senders)
    this.#init.disk.done(turn, piece)
  }

  #corrupt(turn: Turn, piece: number): void {
    const { assembly, picker, torrent } = this.#init
    const assembled = assembly.get(piece)!
    assembly.drop(piece)
    picker.failed(piece)
    this.wasted += torrent.pieceSize(piece)
    const from = givers(assembled.senders)
    turn.emit({ type: 'tell', news: { type: 'bad-piece', piece, from } })
    for (const charge of this.#blame.failed(piece, assembled)) {
      turn.emit({ type: 'score', ...charge })
    }
    this.#init.disk.done(turn, piece)
    this.fillAll(turn)
  }

  /** One silence, and nothing more is asked; another, and what the peer owes goes to others. */
  #snubIfSilent(turn: Turn, peer: PeerState): void {
    const silence = turn.now - peer.heardAt
    if (peer.requests.size === 0 || silence < peer.window.timeout) return
    peer.window.snub()
    if (silence >= 2 * peer.window.timeout) this.#takeBack(turn, peer)
  }

  #takeBack(turn: Turn, peer: PeerState): void {
    for (const request of peer.requests.values()) {
      this.#cancel(turn, peer, request)
      this.#init.picker.release(peer.key, request)
    }
    this.#init.picker.abandon(peer.key)
  }

  #spanOf({ piece, block }: BlockRef): { piece: number; begin: number; length: number } {
    const begin = block * blockSize
    const length = Math.min(blockSize, this.#init.torrent.pieceSize(piece) - begin)
    return { piece, begin, length }
  }
}
