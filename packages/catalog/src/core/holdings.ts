import type { Item } from '../item.ts'

/** One item as one owner has it. */
export interface Holding {
  readonly number: number
  readonly item: Item
  readonly owner: string
  /** bytes, estimated */
  readonly bytes: number
  /** another owner's holding of the same id */
  next: Holding | undefined
}

/** What a holding costs beside its letters: itself, its item, its places in three tables. */
const overhead = 256

const noAttributes = Object.freeze({})

/** Who holds what: by number, by content id, by owner. */
export class Holdings {
  readonly #numbered: (Holding | undefined)[] = []
  /** the latest holding of each id; the others hang on it */
  readonly #byId = new Map<string, Holding>()
  readonly #byOwner = new Map<string, Set<Holding>>()
  /** dropped with their owner, and still to be unhooked from their ids */
  readonly #stale: Holding[] = []
  #size = 0
  #bytes = 0

  get size(): number {
    return this.#size
  }

  /** bytes, estimated */
  get bytes(): number {
    return this.#bytes
  }

  /** holdings that {@link sweep} has still to clear away */
  get stale(): number {
    return this.#stale.length
  }

  /** @param number of no other holding  @param item of an id this owner does not hold */
  add(number: number, item: Item, owner: string): void {
    const kept = copy(item)
    const next = this.#byId.get(item.id)
    const holding: Holding = { number, item: kept, owner, bytes: itemBytes(kept), next }
    this.#numbered[number] = holding
    this.#byId.set(kept.id, holding)
    const held = this.#byOwner.get(owner)
    if (held === undefined) this.#byOwner.set(owner, new Set([holding]))
    else held.add(holding)
    this.#size++
    this.#bytes += holding.bytes
  }

  remove(holding: Holding): void {
    this.#forget(holding)
    this.#unhook(holding)
    const held = this.#byOwner.get(holding.owner)
    held?.delete(holding)
    if (held?.size === 0) this.#byOwner.delete(holding.owner)
  }

  /**
   * Removes all of an owner's holdings and returns them. Their ids are scattered over a table that
   * no cache holds, so finding each there is left to {@link sweep}.
   */
  removeOwner(owner: string): readonly Holding[] {
    const held = [...this.ofOwner(owner)]
    this.#byOwner.delete(owner)
    for (const holding of held) {
      this.#forget(holding)
      this.#stale.push(holding)
    }
    return held
  }

  /** Unhooks at most this many stale holdings from their ids. */
  sweep(most: number): void {
    for (let nth = 0; nth < most; nth++) {
      const holding = this.#stale.pop()
      if (holding === undefined) return
      this.#unhook(holding)
    }
  }

  at(number: number): Holding | undefined {
    return this.#numbered[number]
  }

  /** Every holding, lowest number first. */
  *[Symbol.iterator](): IterableIterator<Holding> {
    for (const holding of this.#numbered) if (holding !== undefined) yield holding
  }

  /** All holdings of an id, latest first. */
  *ofId(id: string): IterableIterator<Holding> {
    for (let at = this.#byId.get(id); at !== undefined; at = at.next) {
      if (this.#isLive(at)) yield at
    }
  }

  /** The holding of an id that this owner has. */
  find(id: string, owner: string): Holding | undefined {
    for (let at = this.#byId.get(id); at !== undefined; at = at.next) {
      if (at.owner === owner && this.#isLive(at)) return at
    }
    return undefined
  }

  ofOwner(owner: string): ReadonlySet<Holding> {
    return this.#byOwner.get(owner) ?? new Set()
  }

  /** Throws when the three tables and the sums disagree. */
  check(): void {
    const all = [...this]
    const bytes = all.reduce((sum, holding) => sum + holding.bytes, 0)
    const owned = [...this.#byOwner.values()].reduce((sum, held) => sum + held.size, 0)
    if (all.length !== this.#size) throw new Error(`${all.length} holdings, not ${this.#size}`)
    if (owned !== this.#size) throw new Error(`owners have ${owned} holdings of ${this.#size}`)
    if (bytes !== this.#bytes) throw new Error(`holdings take ${bytes} bytes, not ${this.#bytes}`)
    for (const holding of all) {
      if (this.find(holding.item.id, holding.owner) === holding) continue
      throw new Error(`holding ${holding.number} is not the one of its id and owner`)
    }
    const hooked = new Set([...all, ...this.#stale])
    for (let at of this.#byId.values()) {
      for (; ; at = at.next) {
        if (!hooked.has(at)) throw new Error(`a removed holding hangs on ${at.item.id}`)
        if (at.next === undefined) break
      }
    }
  }

  #isLive(holding: Holding): boolean {
    return this.#numbered[holding.number] === holding
  }

  #forget(holding: Holding): void {
    this.#numbered[holding.number] = undefined
    this.#size--
    this.#bytes -= holding.bytes
  }

  #unhook(holding: Holding): void {
    const { id } = holding.item
    const first = this.#byId.get(id)
    if (first === holding) {
      if (holding.next === undefined) this.#byId.delete(id)
      else this.#byId.set(id, holding.next)
      return
    }
    for (let at = first; at !== undefined; at = at.next) {
      if (at.next === holding) at.next = holding.next
    }
  }
}

/** Bytes an item takes once it is held, estimated. */
export function itemBytes({ id, name, attributes }: Item): number {
  let letters = id.length + name.length
  for (const [key, value] of Object.entries(attributes)) letters += key.length + value.length
  return overhead + letters
}

/** The item's own fields and nothing else, whatever object they came in. */
function copy({ id, name, size, type, attributes }: Item): Item {
  const none = Object.keys(attributes).length === 0
  return { id, name, size, type, attributes: none ? noAttributes : { ...attributes } }
}
