import type { Random } from '@peerage/wire'

/**
 * Pieces that wait to be begun, in one bucket for each number of peers that have them.
 *
 * A piece leaves a bucket by swapping with its last, and a table says where each piece is: `have`
 * moves one piece by one bucket, whatever the number of pieces. Peers that have everything would
 * move them all, so they are not counted here.
 */
export class Rarity {
  /** how many peers have each piece, seeds apart */
  readonly #availability: Uint32Array
  readonly #buckets: number[][] = [[]]
  /** where a piece is in its bucket; -1 when it does not wait */
  readonly #position: Int32Array
  #waiting = 0

  constructor(pieceCount: number) {
    this.#availability = new Uint32Array(pieceCount)
    this.#position = new Int32Array(pieceCount).fill(-1)
  }

  /** pieces that wait */
  get waiting(): number {
    return this.#waiting
  }

  /** pieces that wait and that only seeds have, if anybody */
  get unshared(): number {
    return this.#buckets[0]!.length
  }

  of(piece: number): number {
    return this.#availability[piece]!
  }

  waits(piece: number): boolean {
    return this.#position[piece] !== -1
  }

  put(piece: number): void {
    const bucket = (this.#buckets[this.of(piece)] ??= [])
    this.#position[piece] = bucket.length
    bucket.push(piece)
    this.#waiting++
  }

  take(piece: number): void {
    const bucket = this.#buckets[this.of(piece)]!
    const last = bucket.pop()!
    if (last !== piece) {
      bucket[this.#position[piece]!] = last
      this.#position[last] = this.#position[piece]!
    }
    this.#position[piece] = -1
    this.#waiting--
  }

  /** One peer more, or less, has this piece. */
  shift(piece: number, by: 1 | -1): void {
    const waits = this.waits(piece)
    if (waits) this.take(piece)
    this.#availability[piece]! += by
    if (waits) this.put(piece)
  }

  /**
   * The rarest waiting piece that passes, ties broken at random.
   *
   * @param from lowest availability looked at
   * @param below availability at which looking ends
   */
  rarest(
    random: Random,
    passes: (piece: number) => boolean,
    from: number,
    below: number
  ): number | undefined {
    for (let rank = from; rank < Math.min(below, this.#buckets.length); rank++) {
      const bucket = this.#buckets[rank]
      if (bucket == null || bucket.length === 0) continue
      const start = random.below(bucket.length)
      for (let i = 0; i < bucket.length; i++) {
        const piece = bucket[(start + i) % bucket.length]!
        if (passes(piece)) return piece
      }
    }
    return undefined
  }

  /** Throws when a piece is not where the table says. */
  check(): void {
    let waiting = 0
    this.#buckets.forEach((bucket, rank) => {
      bucket.forEach((piece, i) => {
        if (this.#position[piece] !== i) throw new Error(`piece ${piece} is not where it is noted`)
        if (this.of(piece) !== rank) throw new Error(`piece ${piece} is in the wrong bucket`)
      })
      waiting += bucket.length
    })
    if (waiting !== this.#waiting) throw new Error('the count of waiting pieces is off')
  }
}
