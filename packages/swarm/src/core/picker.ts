import type { PeerKey, Random } from '@peerage/wire'
import { limits } from '../limits.ts'
import { BegunPiece } from './begun-piece.ts'
import { Bitfield } from './bitfield.ts'
import { Rarity } from './rarity.ts'

/** One block of a piece: its number in the piece, counted from 0. */
export interface BlockRef {
  piece: number
  block: number
}

export interface PickerInit {
  pieceCount: number
  /** blocks of 16 KiB in a piece; the last may be shorter */
  blocksIn: (piece: number) => number
  random: Random
  /** pieces that are here; the picker adds to it @default none */
  have?: Bitfield
  /** told of a begun piece that begins anew, so that its bytes can go */
  forget?: (piece: number) => void
}

interface Source {
  pieces: Bitfield
  /** had everything when it came, so it counts for all pieces at once */
  seed: boolean
  /** pieces it has that we have not */
  wanted: number
}

/**
 * Which block to ask of whom: random first pieces, then rarest first with random ties; among
 * pieces equally rare a begun one wins (libtorrent's rank, not BEP 3's strict order, which wastes
 * a lone seed on pieces begun elsewhere); a strict endgame. File priorities and sequential order
 * will change the rank, which {@link Rarity} alone knows.
 */
export class Picker {
  readonly have: Bitfield
  readonly #blocksIn: (piece: number) => number
  readonly #random: Random
  readonly #forget: (piece: number) => void
  readonly #rarity: Rarity
  readonly #begun = new Map<number, BegunPiece>()
  readonly #peers = new Map<PeerKey, Source>()
  /** pieces that failed their hash: fetched from one peer alone from now on */
  readonly #failed = new Set<number>()
  #seeds = 0
  #begunBlocks = 0

  constructor(init: PickerInit) {
    this.have = init.have ?? new Bitfield(init.pieceCount)
    this.#blocksIn = init.blocksIn
    this.#random = init.random
    this.#forget = init.forget ?? (() => {})
    this.#rarity = new Rarity(init.pieceCount)
    for (let piece = 0; piece < init.pieceCount; piece++) {
      if (!this.have.has(piece)) this.#rarity.put(piece)
    }
  }

  /** Pieces that are begun and not yet verified. */
  get begun(): number {
    return this.#begun.size
  }

  /** @param pieces what the peer has; the picker's from now on */
  addPeer(peer: PeerKey, pieces: Bitfield): void {
    const source: Source = { pieces, seed: pieces.complete, wanted: 0 }
    this.#peers.set(peer, source)
    if (source.seed) {
      this.#seeds++
      source.wanted = this.have.length - this.have.count
      return
    }
    for (const piece of pieces) {
      this.#rarity.shift(piece, 1)
      if (!this.have.has(piece)) source.wanted++
    }
  }

  peerHas(peer: PeerKey, piece: number): void {
    const source = this.#peers.get(peer)!
    if (!source.pieces.add(piece)) return
    this.#rarity.shift(piece, 1)
    if (!this.have.has(piece)) source.wanted++
  }

  /** Release the peer's requests first. */
  removePeer(peer: PeerKey): void {
    const source = this.#peers.get(peer)
    if (source == null) return
    this.abandon(peer)
    this.#peers.delete(peer)
    if (source.seed) this.#seeds--
    else for (const piece of source.pieces) this.#rarity.shift(piece, -1)
  }

  /** What a peer has; undefined before it said so. */
  piecesOf(peer: PeerKey): Bitfield | undefined {
    return this.#peers.get(peer)?.pieces
  }

  /** Pieces this peer has and we have not. */
  wantedFrom(peer: PeerKey): number {
    return this.#peers.get(peer)?.wanted ?? 0
  }

  /** Up to `count` blocks nobody is asked for, now asked of `peer`. */
  pick(peer: PeerKey, count: number): BlockRef[] {
    const source = this.#peers.get(peer)
    const picked: BlockRef[] = []
    if (source == null || source.wanted === 0) return picked
    while (picked.length < count) {
      const begun = this.#next(peer, source)
      if (begun == null) break
      picked.push(...begun.take(peer, count - picked.length))
    }
    return picked
  }

  /** The same, from these pieces alone: what a peer lets us ask for while it chokes us (BEP 6). */
  pickFrom(peer: PeerKey, pieces: Iterable<number>, count: number): BlockRef[] {
    const source = this.#peers.get(peer)
    const picked: BlockRef[] = []
    for (const piece of pieces) {
      if (picked.length >= count || !source?.pieces.has(piece)) continue
      const begun =
        this.#begun.get(piece) ?? (this.#rarity.waits(piece) ? this.#begin(piece) : undefined)
      if (begun?.opensTo(peer)) picked.push(...begun.take(peer, count - picked.length))
    }
    return picked
  }

  /**
   * Endgame: one block that is on its way from others already, for a peer with nothing to do.
   * Strict: only when there is no block left that nobody was asked for.
   */
  pickBusy(peer: PeerKey): BlockRef | undefined {
    const source = this.#peers.get(peer)
    if (source == null || source.wanted === 0 || this.#anyFree()) return undefined
    let best: (BlockRef & { requesters: number }) | undefined
    for (const begun of this.#begun.values()) {
      if (begun.alone || !source.pieces.has(begun.piece)) continue
      const found = begun.leastAsked(peer, best?.requesters ?? limits.picker.requesters)
      if (found != null) best = { piece: begun.piece, ...found }
    }
    if (best == null) return undefined
    this.#begun.get(best.piece)!.askAlso(peer, best.block)
    return { piece: best.piece, block: best.block }
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
    for (const begun of this.#begun.values()) {
      if (begun.holder === peer && !begun.whole) this.#restart(begun)
    }
  }

  /** The piece's hash is right and its bytes are stored. */
  verified(piece: number): void {
    this.#end(piece)
    this.#failed.delete(piece)
    if (!this.have.add(piece)) return
    for (const source of this.#peers.values()) if (source.pieces.has(piece)) source.wanted--
  }

  /** The piece's hash is wrong: it begins anew, from one peer alone. */
  failed(piece: number): void {
    this.#failed.add(piece)
    this.#end(piece)
    this.#rarity.put(piece)
  }

  /** Throws when an invariant is broken. */
  check(): void {
    this.#rarity.check()
    const sources = [...this.#peers.values()]
    for (let piece = 0; piece < this.have.length; piece++) {
      const states = [this.have.has(piece), this.#begun.has(piece), this.#rarity.waits(piece)]
      if (states.filter(Boolean).length !== 1) throw new Error(`piece ${piece} is in no one state`)
      const counted = sources.filter((s) => !s.seed && s.pieces.has(piece)).length
      if (counted !== this.#rarity.of(piece)) throw new Error(`piece ${piece} is counted wrong`)
    }
    for (const { pieces, wanted } of sources) {
      const lacking = [...pieces].filter((piece) => !this.have.has(piece)).length
      if (lacking !== wanted) throw new Error('what a peer has for us is counted wrong')
    }
    for (const begun of this.#begun.values()) begun.check()
  }

  #next(peer: PeerKey, source: Source): BegunPiece | undefined {
    const begun = this.#rarestBegun(peer, source)
    if (begun != null && this.#crowded()) return begun
    const open = this.#open(source, begun)
    return open == null ? begun : this.#begin(open)
  }

  #rarestBegun(peer: PeerKey, source: Source): BegunPiece | undefined {
    let best: BegunPiece | undefined
    let rank = Infinity
    for (const begun of this.#begun.values()) {
      if (begun.free === 0 || !begun.opensTo(peer) || !source.pieces.has(begun.piece)) continue
      if (this.#rarity.of(begun.piece) >= rank) continue
      best = begun
      rank = this.#rarity.of(begun.piece)
    }
    return best
  }

  /** A piece to begin: one that is rarer than the begun one this peer could go on with. */
  #open(source: Source, begun: BegunPiece | undefined): number | undefined {
    const passes = source.seed ? () => true : (piece: number) => source.pieces.has(piece)
    if (this.have.count < limits.picker.randomFirst) {
      return begun == null ? this.#anyOpen(passes) : undefined
    }
    const below = begun == null ? Infinity : this.#rarity.of(begun.piece)
    // a piece that a peer has, other than a seed, is had by one at least
    return this.#rarity.rarest(this.#random, passes, source.seed ? 0 : 1, below)
  }

  #anyOpen(passes: (piece: number) => boolean): number | undefined {
    const start = this.#random.below(this.have.length)
    for (let i = 0; i < this.have.length; i++) {
      const piece = (start + i) % this.have.length
      if (this.#rarity.waits(piece) && passes(piece)) return piece
    }
    return undefined
  }

  #begin(piece: number): BegunPiece | undefined {
    const blocks = this.#blocksIn(piece)
    if (!this.#makeRoom(blocks)) return undefined
    this.#rarity.take(piece)
    const begun = new BegunPiece(piece, blocks, this.#failed.has(piece))
    this.#begun.set(piece, begun)
    this.#begunBlocks += blocks
    return begun
  }

  /** Begun pieces are held in memory, so they are few; one nobody works on goes first. */
  #makeRoom(blocks: number): boolean {
    const most = limits.picker.begunBytes / limits.wire.block
    for (const begun of this.#begun.values()) {
      if (this.#begunBlocks + blocks <= most) break
      if (begun.asked === 0 && !begun.whole) this.#restart(begun)
    }
    return this.#begun.size === 0 || this.#begunBlocks + blocks <= most
  }

  #crowded(): boolean {
    return this.#begun.size > limits.picker.begunPerPeer * this.#peers.size
  }

  /** Whether somebody here has a block that nobody was asked for. */
  #anyFree(): boolean {
    const { waiting, unshared } = this.#rarity
    if (waiting > (this.#seeds > 0 ? 0 : unshared)) return true
    for (const begun of this.#begun.values()) {
      if (begun.free === 0) continue
      if (this.#seeds > 0 || this.#rarity.of(begun.piece) > 0) return true
    }
    return false
  }

  #restart(begun: BegunPiece): void {
    this.#end(begun.piece)
    this.#rarity.put(begun.piece)
    this.#forget(begun.piece)
  }

  #end(piece: number): void {
    const begun = this.#begun.get(piece)
    if (begun == null) {
      if (this.#rarity.waits(piece)) this.#rarity.take(piece)
      return
    }
    this.#begun.delete(piece)
    this.#begunBlocks -= begun.blocks
  }
}
