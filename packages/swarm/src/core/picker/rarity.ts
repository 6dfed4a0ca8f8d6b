import type { Random } from '@peerage/wire'
import { limits } from '../../limits.ts'
import type { Bitfield } from '../bitfield.ts'

/** What a piece's priority is when nobody has said otherwise; 0 is unwanted, 7 the highest. */
export const usualPriority = 4

/**
 * Pieces that wait to be begun, in one bucket for each rank: how many peers have them, weighed by
 * priority as libtorrent does. Lower ranks come first.
 *
 * A piece leaves a bucket by swapping with its last, and a table says where each piece is: `have`
 * moves one piece by one bucket, whatever the number of pieces. Peers that have everything would
 * move them all, so they are not counted here.
 */
export class Rarity {
  /** how many peers have each piece, seeds apart */
  readonly #availability: Uint32Array
  readonly #priority: Uint8Array
  readonly #buckets: (Bucket | undefined)[] = []
  /** where a piece is in its bucket; -1 when it does not wait */
  readonly #position: Int32Array
  #waiting = 0
  #unshared = 0
  /** so much has changed that pieces are sorted into buckets anew before they are next looked at */
  #unsorted = true
  /** no piece below this waits */
  #first = 0

  constructor(pieceCount: number) {
    this.#availability = new Uint32Array(pieceCount)
    this.#priority = new Uint8Array(pieceCount).fill(usualPriority)
    this.#position = new Int32Array(pieceCount).fill(-1)
  }

  /** pieces that wait */
  get waiting(): number {
    return this.#waiting
  }

  /** pieces that wait and that only seeds have, if anybody */
  get unshared(): number {
    this.#sort()
    return this.#unshared
  }

  availability(piece: number): number {
    return this.#availability[piece]!
  }

  /** Lower comes first. */
  rankOf(piece: number): number {
    return (this.#availability[piece]! + 1) * (8 - this.#priority[piece]!)
  }

  wants(piece: number): boolean {
    return this.#priority[piece] !== 0
  }

  waits(piece: number): boolean {
    return this.#position[piece] !== -1
  }

  put(piece: number): void {
    if (this.#unsorted) this.#position[piece] = 0
    else this.#enter(piece)
    this.#waiting++
    if (this.#availability[piece] === 0) this.#unshared++
    if (piece < this.#first) this.#first = piece
  }

  take(piece: number): void {
    this.#sort()
    this.#leave(piece)
    this.#position[piece] = -1
    this.#waiting--
    if (this.#availability[piece] === 0) this.#unshared--
  }

  /** One peer more, or less, has this piece. */
  shift(piece: number, by: 1 | -1): void {
    if (this.#unsorted) {
      this.#availability[piece]! += by
      return
    }
    const waits = this.#position[piece] !== -1
    if (waits) this.#leave(piece)
    const before = this.#availability[piece]!
    this.#availability[piece] = before + by
    if (!waits) return
    this.#enter(piece)
    if (before === 0) this.#unshared--
    else if (before + by === 0) this.#unshared++
  }

  /**
   * One peer more, or less, has these pieces. As a few moves cost what sorting everything does, that
   * is put off until somebody looks, and done once for peers that come together (libtorrent).
   */
  shiftAll(pieces: Bitfield, by: 1 | -1): void {
    this.#unsorted ||= pieces.count >= limits.picker.sortFrom
    if (this.#unsorted) pieces.addTo(this.#availability, by)
    else for (const piece of pieces) this.shift(piece, by)
  }

  /** Only for a piece that does not wait. */
  prioritize(piece: number, priority: number): void {
    this.#priority[piece] = priority
  }

  /** The waiting piece of lowest rank that passes, ties broken at random. @param below rank to end at */
  rarest(random: Random, passes: Passes, below: number): number | undefined {
    this.#sort()
    const end = Math.min(below, this.#buckets.length)
    for (let rank = 0; rank < end; rank++) {
      const piece = anyOf(this.#buckets[rank], random, passes)
      if (piece != null) return piece
    }
    return undefined
  }

  /** The same from the other end: of highest rank. @param above rank to end at */
  commonest(random: Random, passes: Passes, above: number): number | undefined {
    this.#sort()
    for (let rank = this.#buckets.length - 1; rank > above; rank--) {
      const piece = anyOf(this.#buckets[rank], random, passes)
      if (piece != null) return piece
    }
    return undefined
  }

  /** The first waiting piece that passes, in the torrent's order. @param below piece to end at */
  first(passes: Passes, below: number): number | undefined {
    if (this.#waiting === 0) return undefined
    while (!this.waits(this.#first)) this.#first++
    const end = Math.min(below, this.#position.length)
    for (let piece = this.#first; piece < end; piece++) {
      if (this.waits(piece) && passes(piece)) return piece
    }
    return undefined
  }

  /** Throws when a piece is not where the table says. */
  check(): void {
    this.#sort()
    let [waiting, unshared] = [0, 0]
    this.#buckets.forEach((bucket, rank) => {
      const pieces = bucket?.pieces.slice(0, bucket.size) ?? []
      pieces.forEach((piece, i) => {
        if (this.#position[piece] !== i) throw new Error(`piece ${piece} is not where it is noted`)
        if (this.rankOf(piece) !== rank) throw new Error(`piece ${piece} is in the wrong bucket`)
        if (piece < this.#first) throw new Error(`piece ${piece} waits before the first`)
        if (this.availability(piece) === 0) unshared++
      })
      waiting += pieces.length
    })
    if (waiting !== this.#waiting || unshared !== this.#unshared) {
      throw new Error('the count of waiting pieces is off')
    }
  }

  #sort(): void {
    if (!this.#unsorted) return
    this.#unsorted = false
    for (const bucket of this.#buckets) if (bucket != null) bucket.size = 0
    this.#unshared = 0
    for (let piece = 0; piece < this.#position.length; piece++) {
      if (this.#position[piece] === -1) continue
      this.#enter(piece)
      if (this.#availability[piece] === 0) this.#unshared++
    }
  }

  #enter(piece: number): void {
    const bucket = (this.#buckets[this.rankOf(piece)] ??= { pieces: [], size: 0 })
    this.#position[piece] = bucket.size
    bucket.pieces[bucket.size++] = piece
  }

  #leave(piece: number): void {
    const bucket = this.#buckets[this.rankOf(piece)]!
    const last = bucket.pieces[--bucket.size]!
    const at = this.#position[piece]!
    if (last === piece) return
    bucket.pieces[at] = last
    this.#position[last] = at
  }
}

/** Pieces of one rank. */
interface Bucket {
  /** beyond the size lies what was there before: an array made shorter would lose its memory */
  readonly pieces: number[]
  size: number
}

type Passes = (piece: number) => boolean

function anyOf(bucket: Bucket | undefined, random: Random, passes: Passes): number | undefined {
  if (bucket == null || bucket.size === 0) return undefined
  const { pieces, size } = bucket
  const start = random.below(size)
  for (let i = start; i < size; i++) if (passes(pieces[i]!)) return pieces[i]
  for (let i = 0; i < start; i++) if (passes(pieces[i]!)) return pieces[i]
  return undefined
}
