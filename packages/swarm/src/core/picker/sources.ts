import type { PeerKey } from '@peerage/wire'
import { Bitfield } from '../bitfield.ts'
import type { Rarity } from './rarity.ts'

/** What one peer has. */
export interface Source {
  readonly pieces: Bitfield
  /** had everything when it came, so it counts for all pieces at once */
  seed: boolean
  /** pieces it has that we lack and want */
  wanted: number
}

/** Who has what, and how much of it is wanted. */
export class Sources {
  readonly #rarity: Rarity
  /** pieces we lack and want */
  readonly #wanted: Bitfield
  readonly #sources = new Map<PeerKey, Source>()
  #seeds = 0

  constructor(have: Bitfield, rarity: Rarity) {
    this.#rarity = rarity
    this.#wanted = Bitfield.full(have.length)
    for (const piece of have) this.#wanted.delete(piece)
  }

  get size(): number {
    return this.#sources.size
  }

  /** pieces we lack and want */
  get left(): number {
    return this.#wanted.count
  }

  /** peers that count for all pieces at once */
  get seeds(): number {
    return this.#seeds
  }

  get(peer: PeerKey): Source | undefined {
    return this.#sources.get(peer)
  }

  add(peer: PeerKey, pieces: Bitfield): void {
    const seed = pieces.complete
    this.#sources.set(peer, { pieces, seed, wanted: pieces.countIn(this.#wanted) })
    if (seed) this.#seeds++
    else this.#rarity.shiftAll(pieces, 1)
  }

  gain(peer: PeerKey, piece: number): void {
    const source = this.#sources.get(peer)!
    if (!source.pieces.add(piece)) return
    this.#rarity.shift(piece, 1)
    if (this.#wanted.has(piece)) source.wanted++
  }

  /** @returns false when it had not said that it has the piece */
  lose(peer: PeerKey, piece: number): boolean {
    const source = this.#sources.get(peer)
    if (source == null || !source.pieces.has(piece)) return false
    if (source.seed) this.#unseed(source)
    source.pieces.delete(piece)
    this.#rarity.shift(piece, -1)
    if (this.#wanted.has(piece)) source.wanted--
    return true
  }

  remove(peer: PeerKey): void {
    const source = this.#sources.get(peer)
    if (source == null) return
    this.#sources.delete(peer)
    if (source.seed) this.#seeds--
    else this.#rarity.shiftAll(source.pieces, -1)
  }

  /** A piece is wanted from now on, or not any more. */
  shift(piece: number, by: 1 | -1): void {
    if (by === 1) this.#wanted.add(piece)
    else this.#wanted.delete(piece)
    for (const source of this.#sources.values()) if (source.pieces.has(piece)) source.wanted += by
  }

  /** Throws when a count is off. */
  check(): void {
    const sources = [...this.#sources.values()]
    for (let piece = 0; piece < this.#wanted.length; piece++) {
      const counted = sources.filter((source) => !source.seed && source.pieces.has(piece)).length
      if (counted !== this.#rarity.availability(piece)) {
        throw new Error(`piece ${piece} is counted wrong`)
      }
    }
    for (const { pieces, wanted } of sources) {
      const lacking = [...pieces].filter((piece) => this.#wanted.has(piece)).length
      if (lacking !== wanted) throw new Error('what a peer has for us is counted wrong')
    }
  }

  /** It had everything, and has no more: from now on it counts piece by piece. */
  #unseed(source: Source): void {
    source.seed = false
    this.#seeds--
    this.#rarity.shiftAll(source.pieces, 1)
  }
}
