import { WireError } from '@peerage/wire'
import { limits } from '../limits.ts'
import { isInfinity, isTableSize } from '../payloads/route-table.ts'
import { qrpHash } from './hash.ts'
import { fileWords, queryWords } from './words.ts'

/** How a table begins; a reset message is one. */
export interface RouteTableInit {
  /** a power of two @default 65_536 */
  readonly slots?: number
  /** the distance that means "nowhere" @default 7 */
  readonly infinity?: number
}

/**
 * Which words lead to a file at some servent or behind it: a slot for each hash, and in it how far
 * away the file is (QRP 1.0). It errs towards "yes": two words may share a slot, and words that are
 * there may be of different files.
 */
export class RouteTable {
  readonly infinity: number
  readonly #distances: Uint8Array
  readonly #bits: number

  /** @throws WireError when there is no such table */
  constructor({
    slots = limits.routeTable.slots,
    infinity = limits.routeTable.infinity
  }: RouteTableInit = {}) {
    if (!isTableSize(slots) || !isInfinity(infinity)) {
      throw new WireError(`there is no route table of ${slots} slots that reaches to ${infinity}`)
    }
    this.infinity = infinity
    this.#bits = Math.log2(slots)
    this.#distances = new Uint8Array(slots).fill(infinity)
  }

  get slots(): number {
    return this.#distances.byteLength
  }

  /** How many slots lead somewhere. */
  get filled(): number {
    return this.#distances.reduce((count, each) => count + Number(each < this.infinity), 0)
  }

  /** Files one string as it is, such as the URN of a file. */
  add(word: string): void {
    this.#distances[qrpHash(word, this.#bits)] = 1
  }

  /** Files a file by the words of its name, whole and shortened. */
  addName(name: string): void {
    for (const word of fileWords(name)) this.add(word)
  }

  has(word: string): boolean {
    return this.#distances[qrpHash(word, this.#bits)]! < this.infinity
  }

  /** Whether a query may find something: all its words are there. One without any word may as well. */
  mayMatch(text: string): boolean {
    return queryWords(text).every((word) => this.has(word))
  }

  /** Adds what another table leads to, whatever its size: what an ultrapeer tells of its leaves. */
  merge(other: RouteTable): void {
    const bits = Math.max(this.#bits, other.#bits)
    const [ours, theirs] = [bits - this.#bits, bits - other.#bits]
    for (let at = 0; at < 2 ** bits; at++) {
      const distance = other.#distances[at >>> theirs]!
      if (distance >= other.infinity) continue
      const slot = at >>> ours
      this.#distances[slot] = Math.min(this.#distances[slot]!, distance, this.infinity - 1)
    }
  }

  copy(): RouteTable {
    const copy = new RouteTable({ slots: this.slots, infinity: this.infinity })
    copy.#distances.set(this.#distances)
    return copy
  }

  /** What has to be added to each slot of `from`, a table of the same shape, to get this one. */
  differences(from: RouteTable): Int8Array {
    return Int8Array.from(this.#distances, (distance, slot) => distance - from.#distances[slot]!)
  }

  /**
   * Adds differences to the slots. Distances end at 0 and infinity, as with clients that only mind
   * whether a difference is below or above zero.
   *
   * @param differences one a slot
   */
  apply(differences: Int8Array): void {
    for (let slot = 0; slot < this.slots; slot++) {
      const distance = this.#distances[slot]! + differences[slot]!
      this.#distances[slot] = Math.max(0, Math.min(this.infinity, distance))
    }
  }
}
