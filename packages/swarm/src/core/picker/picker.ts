import type { PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'
import type { BegunPiece } from './begun-piece.ts'
import { BegunPieces } from './begun-pieces.ts'
import { Bitfield } from '../bitfield.ts'
import { Deadlines } from './deadlines.ts'
import { Opening, type PickOrder } from './opening.ts'
import type { PickerInit, PickOptions } from './picker-init.ts'
import { Rarity } from './rarity.ts'
import { Sources, type Source } from './sources.ts'

/** One block of a piece: its number in the piece, counted from 0. */
export interface BlockRef {
  piece: number
  block: number
}

/**
 * Which block to ask of whom: random first pieces, then rarest first with random ties; among
 * pieces equally rare a begun one wins (libtorrent's rank, not BEP 3's strict order, which wastes
 * a lone seed on pieces begun elsewhere); a strict endgame. Pieces with a deadline come before all
 * others, and are taken from several peers when it is near.
 */
export class Picker {
  readonly have: Bitfield
  readonly #blocksIn: (piece: number) => number
  readonly #forget: (piece: number) => void
  readonly #rarity: Rarity
  readonly #sources: Sources
  readonly #opening: Opening
  readonly #deadlines = new Deadlines()
  readonly #begun = new BegunPieces()
  /** pieces that failed their hash: fetched from one peer alone from now on */
  readonly #failed = new Set<number>()

  constructor(init: PickerInit) {
    this.have = init.have ?? new Bitfield(init.pieceCount)
    this.#blocksIn = init.blocksIn
    this.#forget = init.forget ?? (() => {})
    this.#rarity = new Rarity(init.pieceCount)
    this.#sources = new Sources(this.have, this.#rarity)
    this.#opening = new Opening(this.have, this.#rarity, init.random)
    for (let piece = 0; piece < init.pieceCount; piece++) {
      if (!this.have.has(piece)) this.#rarity.put(piece)
    }
  }

  /** Pieces that are begun and not yet verified. */
  get begun(): number {
    return this.#begun.size
  }

  /** @param order as pieces lie in the torrent, or the rarest first @default 'rarest-first' */
  setOrder(order: PickOrder): void {
    this.#opening.order = order
  }

  /** Pieces that are wanted and not here. */
  get left(): number {
    return this.#sources.left
  }

  /** @param pieces what the peer has; the picker's from now on */
  addPeer(peer: PeerKey, pieces: Bitfield): void {
    this.#sources.add(peer, pieces)
  }

  peerHas(peer: PeerKey, piece: number): void {
    this.#sources.gain(peer, piece)
  }

  /** Release the peer's requests for the piece first. @returns false when it had not said it has it */
  peerLost(peer: PeerKey, piece: number): boolean {
    const begun = this.#begun.get(piece)
    if (begun?.holder === peer && !begun.whole) this.#restart(begun)
    return this.#sources.lose(peer, piece)
  }

  /** Release the peer's requests first. */
  removePeer(peer: PeerKey): void {
    this.abandon(peer)
    this.#sources.remove(peer)
  }

  /** What a peer has; undefined before it said so. */
  piecesOf(peer: PeerKey): Bitfield | undefined {
    return this.#sources.get(peer)?.pieces
  }

  /** Pieces this peer has that we lack and want. */
  wantedFrom(peer: PeerKey): number {
    return this.#sources.get(peer)?.wanted ?? 0
  }

  /** Whether a piece is to be fetched, or was before it came. */
  wants(piece: number): boolean {
    return this.#rarity.wants(piece)
  }

  /** @param priority 0, unwanted, to 7; what is begun of an unwanted piece is forgotten @default 4 */
  prioritize(piece: number, priority: number): void {
    const rarity = this.#rarity
    const wanted = rarity.wants(piece)
    if (rarity.waits(piece)) rarity.take(piece)
    rarity.prioritize(piece, priority)
    if (this.have.has(piece)) return
    if (wanted !== priority > 0) this.#sources.shift(piece, wanted ? -1 : 1)
    const begun = this.#begun.get(piece)
    if (begun == null) this.#putBack(piece)
    else if (priority === 0 && !begun.whole) this.#restart(begun)
  }

  /** Before when `who` wants a piece. @param at milliseconds; undefined when there is no hurry */
  setDeadline(piece: number, at: number | undefined, who?: number): void {
    this.#deadlines.set(piece, this.have.has(piece) ? undefined : at, who)
  }

  /** Up to `count` blocks, now asked of `peer`: of nobody else, but for pieces that are late. */
  pick(peer: PeerKey, count: number, options: PickOptions = {}): BlockRef[] {
    const source = this.#sources.get(peer)
    if (source == null || source.wanted === 0) return []
    const { snubbed = false, parole = false } = options
    const picked = snubbed ? [] : this.#pickFirst(peer, count, options)
    while (picked.length < count) {
      const begun = this.#next(peer, source, options) ?? (parole && this.#anew(source))
      if (!begun) break
      picked.push(...begun.take(peer, count - picked.length, options))
    }
    return picked
  }

  /** The same, from these pieces alone: what a peer lets us ask for while it chokes us (BEP 6). */
  pickFrom(
    peer: PeerKey,
    pieces: Iterable<number>,
    count: number,
    options: PickOptions = {}
  ): BlockRef[] {
    const picked: BlockRef[] = []
    for (const piece of pieces) {
      if (picked.length >= count) break
      const begun = this.#obtain(peer, piece)
      if (!begun?.opensTo(peer, options.parole ?? false)) continue
      picked.push(...begun.take(peer, count - picked.length, options))
    }
    return picked
  }

  /**
   * Endgame: one block that is on its way from others already, for a peer with nothing to do.
   * Strict: only when there is no block left that nobody was asked for. A piece lent to one peer
   * alone is left to it for a while.
   */
  pickBusy(peer: PeerKey, now = -Infinity): BlockRef | undefined {
    const source = this.#sources.get(peer)
    if (source == null || source.wanted === 0 || this.#anyFree()) return undefined
    const best = this.#begun.leastAsked(peer, source.pieces, now)
    best?.begun.askAlso(peer, best.block)
    return best && { piece: best.begun.piece, block: best.block }
  }

  /** @returns who else was asked for the block, or undefined when it is not wanted any more */
  received(peer: PeerKey, { piece, block }: BlockRef): PeerKey[] | undefined {
    const begun = this.#begun.get(piece)
    if (begun == null || (begun.alone && begun.holder !== peer)) return undefined
    return begun.receive(peer, block)
  }

  /** Whether every block of a begun piece is here. */
  isWhole(piece: number): boolean {
    return this.#begun.get(piece)?.whole ?? false
  }

  /** `peer` will not send this block. */
  release(peer: PeerKey, { piece, block }: BlockRef): void {
    this.#begun.get(piece)?.release(peer, block)
  }

  /** `peer` choked us, left or was given up on: what it alone was to send begins anew with another. */
  abandon(peer: PeerKey): void {
    for (const begun of this.#begun) {
      if (begun.holder === peer && !begun.whole) this.#restart(begun)
    }
  }

  /** The piece's hash is right and its bytes are stored. */
  verified(piece: number): void {
    this.#end(piece)
    this.#failed.delete(piece)
    this.#deadlines.met(piece)
    if (this.have.add(piece) && this.#rarity.wants(piece)) this.#sources.shift(piece, -1)
  }

  /** The piece's hash is wrong: it begins anew, from one peer alone. */
  failed(piece: number): void {
    this.#failed.add(piece)
    this.#end(piece)
    this.#putBack(piece)
  }

  /** Throws when an invariant is broken. */
  check(): void {
    this.#rarity.check()
    this.#sources.check()
    let left = 0
    for (let piece = 0; piece < this.have.length; piece++) {
      const [here, begun] = [this.have.has(piece), this.#begun.has(piece)]
      const waits = this.#rarity.waits(piece)
      const unwanted = !here && !begun && !this.wants(piece)
      const states = [here, begun, waits, unwanted]
      if (states.filter(Boolean).length !== 1) throw new Error(`piece ${piece} is in no one state`)
      if (!here && this.wants(piece)) left++
    }
    if (left !== this.left) throw new Error('what is left is counted wrong')
    this.#begun.check()
  }

  /**
   * Pieces that were bad, for a good copy shows who lied. Then those with a deadline: what is free,
   * soonest first; then what is late and asked of others.
   */
  #pickFirst(peer: PeerKey, count: number, options: PickOptions): BlockRef[] {
    const { now = -Infinity, parole = false } = options
    const { pieces } = this.#deadlines
    const picked = this.pickFrom(peer, this.#failed, count, options)
    picked.push(...this.pickFrom(peer, pieces, count - picked.length, options))
    if (parole) return picked
    for (const piece of pieces) {
      if (this.#deadlines.of(piece) > now + limits.picker.late) break
      const begun = this.#begun.get(piece)
      if (begun == null || begun.alone || !this.#sources.get(peer)!.pieces.has(piece)) continue
      picked.push(...begun.takeBusy(peer, count - picked.length))
    }
    return picked
  }

  #next(peer: PeerKey, source: Source, options: PickOptions): BegunPiece | undefined {
    const { snubbed = false } = options
    const rankOf = (piece: number): number => this.#opening.rankOf(piece, snubbed)
    const begun = this.#begun.bestFor(peer, source.pieces, rankOf, options)
    if (begun != null && this.#crowded()) return begun
    const open = this.#opening.choose(source, begun?.piece, snubbed)
    return open == null ? begun : this.#begin(open)
  }

  /** For a suspect that finds nothing else: a piece nobody works on, from its beginning. */
  #anew(source: Source): BegunPiece | undefined {
    const idle = this.#begun.idle(source.pieces)
    if (idle == null) return undefined
    this.#restart(idle)
    return this.#begin(idle.piece)
  }

  /** This very piece, begun now if it was not, when the peer has it. */
  #obtain(peer: PeerKey, piece: number): BegunPiece | undefined {
    if (!this.#sources.get(peer)?.pieces.has(piece)) return undefined
    return this.#begun.get(piece) ?? (this.#rarity.waits(piece) ? this.#begin(piece) : undefined)
  }

  #begin(piece: number): BegunPiece | undefined {
    const blocks = this.#blocksIn(piece)
    // one that nobody works on makes room
    for (const begun of this.#begun) {
      if (this.#begun.takes(blocks)) break
      if (begun.asked === 0 && !begun.whole) this.#restart(begun)
    }
    if (!this.#begun.takes(blocks)) return undefined
    this.#rarity.take(piece)
    return this.#begun.begin(piece, blocks, this.#failed.has(piece))
  }

  #crowded(): boolean {
    return this.#begun.size > limits.picker.begunPerPeer * this.#sources.size
  }

  /** Whether somebody here has a block that nobody was asked for. */
  #anyFree(): boolean {
    const { waiting, unshared } = this.#rarity
    const seeded = this.#sources.seeds > 0
    if (waiting > (seeded ? 0 : unshared)) return true
    return this.#begun.anyFree((piece) => seeded || this.#rarity.availability(piece) > 0)
  }

  #restart(begun: BegunPiece): void {
    this.#end(begun.piece)
    this.#putBack(begun.piece)
    this.#forget(begun.piece)
  }

  /** It waits again, unless it is unwanted. */
  #putBack(piece: number): void {
    if (this.#rarity.wants(piece)) this.#rarity.put(piece)
  }

  #end(piece: number): void {
    if (!this.#begun.end(piece) && this.#rarity.waits(piece)) this.#rarity.take(piece)
  }
}
