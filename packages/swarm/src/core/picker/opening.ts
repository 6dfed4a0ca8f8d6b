import type { Random } from '@peerage/wire'
import { limits } from '../../limits.ts'
import type { Bitfield } from '../bitfield.ts'
import type { Rarity } from './rarity.ts'
import type { Source } from './sources.ts'

/** In which order pieces are begun. */
export type PickOrder = 'rarest-first' | 'sequential'

/** Which piece to begin next. */
export class Opening {
  order: PickOrder = 'rarest-first'
  readonly #have: Bitfield
  readonly #rarity: Rarity
  readonly #random: Random

  constructor(have: Bitfield, rarity: Rarity, random: Random) {
    this.#have = have
    this.#rarity = rarity
    this.#random = random
  }

  /** Lower comes first; for a snubbed peer last. */
  rankOf(piece: number, snubbed: boolean): number {
    return this.order === 'sequential' && !snubbed ? piece : this.#rarity.rankOf(piece)
  }

  /**
   * A waiting piece that this peer has.
   *
   * @param begun the begun piece it could go on with: only what comes before that one is chosen
   */
  choose(source: Source, begun: number | undefined, snubbed: boolean): number | undefined {
    const passes = source.seed ? always : (piece: number) => source.pieces.has(piece)
    const rank = begun == null ? undefined : this.rankOf(begun, snubbed)
    // slow peers gather on the commonest pieces, where they keep nobody waiting (libtorrent)
    if (snubbed) return this.#rarity.commonest(this.#random, passes, rank ?? -1)
    if (this.order === 'sequential') return this.#rarity.first(passes, rank ?? Infinity)
    if (this.#have.count < limits.picker.randomFirst) {
      return begun == null ? this.#any(passes) : undefined
    }
    return this.#rarity.rarest(this.#random, passes, rank ?? Infinity)
  }

  #any(passes: (piece: number) => boolean): number | undefined {
    const { length } = this.#have
    const start = this.#random.below(length)
    for (let i = 0; i < length; i++) {
      const piece = (start + i) % length
      if (this.#rarity.waits(piece) && passes(piece)) return piece
    }
    return undefined
  }
}

function always(): boolean {
  return true
}
