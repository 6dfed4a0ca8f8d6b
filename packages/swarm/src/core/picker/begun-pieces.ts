import type { PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'
import { BegunPiece } from './begun-piece.ts'
import type { Bitfield } from '../bitfield.ts'
import type { PickOptions } from './picker-init.ts'

/** Pieces that are begun and not yet verified; held in memory, so they are few. */
export class BegunPieces {
  readonly #pieces = new Map<number, BegunPiece>()
  #blocks = 0

  get size(): number {
    return this.#pieces.size
  }

  get(piece: number): BegunPiece | undefined {
    return this.#pieces.get(piece)
  }

  has(piece: number): boolean {
    return this.#pieces.has(piece)
  }

  [Symbol.iterator](): MapIterator<BegunPiece> {
    return this.#pieces.values()
  }

  begin(piece: number, blocks: number, alone: boolean): BegunPiece {
    const begun = new BegunPiece(piece, blocks, alone)
    this.#pieces.set(piece, begun)
    this.#blocks += blocks
    return begun
  }

  /** @returns false when it was not begun */
  end(piece: number): boolean {
    this.#blocks -= this.#pieces.get(piece)?.blocks ?? 0
    return this.#pieces.delete(piece)
  }

  /** Whether a piece of this many blocks has room beside them; the first one always has. */
  takes(blocks: number): boolean {
    return this.size === 0 || this.#blocks + blocks <= limits.picker.begunBytes / limits.wire.block
  }

  /**
   * The piece that a peer with these pieces should go on with: the one of lowest rank.
   *
   * @param options snubbed: the one of highest rank; parole: none that others have a part in
   */
  bestFor(
    peer: PeerKey,
    pieces: Bitfield,
    rankOf: (piece: number) => number,
    { snubbed = false, parole = false }: PickOptions
  ): BegunPiece | undefined {
    let best: BegunPiece | undefined
    let bestRank = 0
    for (const begun of this.#pieces.values()) {
      if (begun.free === 0 || !begun.opensTo(peer, parole) || !pieces.has(begun.piece)) continue
      const rank = rankOf(begun.piece)
      if (best != null && (snubbed ? rank <= bestRank : rank >= bestRank)) continue
      best = begun
      bestRank = rank
    }
    return best
  }

  /** One of these pieces that nobody works on any more. */
  idle(pieces: Bitfield): BegunPiece | undefined {
    for (const begun of this) {
      if (begun.asked === 0 && !begun.whole && pieces.has(begun.piece)) return begun
    }
    return undefined
  }

  /** Whether a block is free in a piece that passes. */
  anyFree(passes: (piece: number) => boolean): boolean {
    for (const { piece, free } of this) if (free > 0 && passes(piece)) return true
    return false
  }

  /** The block on its way to us that fewest were asked for, of those that `peer` has and may take. */
  leastAsked(
    peer: PeerKey,
    pieces: Bitfield,
    now: number
  ): { begun: BegunPiece; block: number; requesters: number } | undefined {
    let best: { begun: BegunPiece; block: number; requesters: number } | undefined
    for (const begun of this.#pieces.values()) {
      if (!begun.helpable(now) || !pieces.has(begun.piece)) continue
      const found = begun.leastAsked(peer, best?.requesters ?? limits.picker.requesters)
      if (found != null) best = { begun, ...found }
    }
    return best
  }

  /** Throws when a count is off. */
  check(): void {
    let blocks = 0
    for (const begun of this.#pieces.values()) {
      begun.check()
      blocks += begun.blocks
    }
    if (blocks !== this.#blocks) throw new Error('begun blocks are counted wrong')
  }
}
