/** Where a query came from: a link's number, or one of these two. */
export const SELF = 32
export const LOST = 33

/** 32-bit words of one entry: 4 of the id, the links it went out to, where it came from + 1 */
const WORDS = 6
const SENT_TO = 4
const CAME_FROM = 5

export interface RouteTableInit {
  /** most entries of one generation, of which there are two */
  max: number
  /** age in milliseconds at which a generation becomes the older one */
  generation: number
  /** makes the places of ids unguessable, so that nobody can send ids that all collide */
  seed: number
}

/** One place in the table; valid until the next `add`. */
export interface Route {
  readonly table: Uint32Array
  readonly at: number
}

/**
 * Which queries were seen, where each came from and where it went: 24 bytes an entry, two
 * generations, open addressing. A generation starts small and doubles, so that a quiet node costs
 * next to nothing.
 *
 * Links are numbers below 32, which somebody else hands out; {@link RouteTable.forget} must be
 * called before a number is used again.
 */
export class RouteTable {
  readonly #init: RouteTableInit
  #young = new Uint32Array(SMALLEST * WORDS)
  #old = new Uint32Array(SMALLEST * WORDS)
  #youngCount = 0
  #oldCount = 0
  #bornAt: number | undefined
  /** the id at hand as four words, so that looking one up allocates nothing */
  readonly #id = new Uint32Array(4)

  constructor(init: RouteTableInit) {
    this.#init = init
  }

  /** ids remembered */
  get size(): number {
    return this.#youngCount + this.#oldCount
  }

  /** bytes both generations occupy */
  get bytes(): number {
    return this.#young.byteLength + this.#old.byteLength
  }

  find(id: Uint8Array): Route | undefined {
    this.#load(id)
    return this.#findIn(this.#young) ?? this.#findIn(this.#old)
  }

  /** Remembers an id that `find` does not know. @param from a link's number or {@link SELF} */
  add(now: number, id: Uint8Array, from: number): Route {
    this.#bornAt ??= now
    const { max, generation } = this.#init
    if (this.#youngCount >= max || now - this.#bornAt >= generation) this.#rotate(now)
    // three quarters full: longer searches from here on
    if (this.#youngCount * 4 >= (this.#young.length / WORDS) * 3) this.#grow()
    this.#load(id)
    const at = emptyPlace(this.#young, this.#id, this.#init.seed)
    this.#young.set(this.#id, at)
    this.#young[at + CAME_FROM] = from + 1
    this.#youngCount++
    return { table: this.#young, at }
  }

  /** A link is gone: nothing may come back on it, nor be sent back by it. */
  forget(link: number): void {
    for (const table of [this.#young, this.#old]) {
      for (let at = 0; at < table.length; at += WORDS) {
        table[at + SENT_TO]! &= ~(1 << link)
        if (table[at + CAME_FROM] === link + 1) table[at + CAME_FROM] = LOST + 1
      }
    }
  }

  /** Throws when the counts and the entries disagree. */
  check(): void {
    const counted = countEntries(this.#young) + countEntries(this.#old)
    if (counted !== this.size) throw new Error(`${counted} routes where ${this.size} are counted`)
    if (this.#youngCount > this.#init.max) throw new Error('the route table is over its limit')
  }

  #load(id: Uint8Array): void {
    this.#id.fill(0)
    for (let i = 0; i < 16; i++) this.#id[i >> 2]! |= id[i]! << ((i & 3) * 8)
  }

  #findIn(table: Uint32Array): Route | undefined {
    const [a, b, c, d] = this.#id
    let at = placeOf(this.#id, table, this.#init.seed)
    for (; table[at + CAME_FROM] !== 0; at = (at + WORDS) % table.length) {
      if (table[at] !== a || table[at + 1] !== b) continue
      if (table[at + 2] === c && table[at + 3] === d) return { table, at }
    }
    return undefined
  }

  #rotate(now: number): void {
    this.#bornAt = now
    this.#old = this.#young
    this.#oldCount = this.#youngCount
    this.#young = new Uint32Array(SMALLEST * WORDS)
    this.#youngCount = 0
  }

  #grow(): void {
    const small = this.#young
    this.#young = new Uint32Array(small.length * 2)
    for (let at = 0; at < small.length; at += WORDS) {
      if (small[at + CAME_FROM] === 0) continue
      const entry = small.subarray(at, at + WORDS)
      this.#young.set(entry, emptyPlace(this.#young, entry, this.#init.seed))
    }
  }
}

/** The link a query came from, {@link SELF}, or {@link LOST} when that link is gone. */
export function cameFrom({ table, at }: Route): number {
  return table[at + CAME_FROM]! - 1
}

/** Notes that the query goes out to a link. */
export function markSent({ table, at }: Route, link: number): void {
  table[at + SENT_TO]! |= 1 << link
}

/** Whether the query went out to a link, or to any when none is named. */
export function wasSent({ table, at }: Route, link?: number): boolean {
  const sentTo = table[at + SENT_TO]!
  return link == null ? sentTo !== 0 : ((sentTo >>> link) & 1) === 1
}

/** entries of an empty generation; a power of two, as all sizes are */
const SMALLEST = 64

/** A seeded mix of all four words (the finaliser of MurmurHash3), scaled to the table. */
function placeOf(words: Uint32Array, table: Uint32Array, seed: number): number {
  let hash = seed
  for (let i = 0; i < 4; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return ((hash >>> 0) & (table.length / WORDS - 1)) * WORDS
}

function emptyPlace(table: Uint32Array, words: Uint32Array, seed: number): number {
  let at = placeOf(words, table, seed)
  while (table[at + CAME_FROM] !== 0) at = (at + WORDS) % table.length
  return at
}

function countEntries(table: Uint32Array): number {
  let count = 0
  for (let at = CAME_FROM; at < table.length; at += WORDS) if (table[at] !== 0) count++
  return count
}
