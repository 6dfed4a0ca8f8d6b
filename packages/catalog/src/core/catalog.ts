import { CatalogFullError, type InvalidItemError, type QueryTooLongError } from '../errors.ts'
import { checkItem, type Item } from '../item.ts'
import { type CatalogLimits, limits as defaults } from '../limits.ts'
import { itemTokens, passes, type Query, resultLimit, searchedWords } from '../query.ts'
import { type Holding, Holdings, itemBytes } from './holdings.ts'
import { WordIndex } from './word-index.ts'

/** Clearing away one dropped holding takes about as long as looking at this many index entries. */
const entriesPerSweep = 64

export interface CatalogInit {
  /** bounds to replace; see `limits` for what each is by default */
  limits?: Partial<CatalogLimits> | undefined
}

/**
 * What is shared, by us and by others, searchable by words. An owner is whoever has the items: the
 * empty text for ourselves, a peer's key for an index that answers for others.
 */
export class Catalog {
  readonly #limits: CatalogLimits
  readonly #holdings = new Holdings()
  readonly #index = new WordIndex()

  constructor(init: CatalogInit = {}) {
    this.#limits = { ...defaults, ...init.limits }
  }

  /** How many items there are, counted once for each owner. */
  get size(): number {
    return this.#holdings.size
  }

  /** Memory in use, in bytes; estimated. */
  get bytes(): number {
    return this.#holdings.bytes + this.#index.bytes
  }

  /**
   * Adds an item, in place of what this owner held under the same id.
   *
   * @param owner '' for ourselves
   * @throws InvalidItemError, CatalogFullError
   */
  add(item: Item, owner = ''): void {
    const refused = this.tryAdd(item, owner)
    if (refused !== undefined) throw refused
  }

  /** As {@link add}, with the error as a value: for items that peers send. */
  tryAdd(item: Item, owner = ''): InvalidItemError | CatalogFullError | undefined {
    const held = this.#holdings.find(item.id, owner)
    const refused = checkItem(item) ?? this.#full(item, owner, held)
    if (refused !== undefined) return refused
    if (held !== undefined) this.#drop(held)
    this.#holdings.add(this.#index.add(itemTokens(item)), item, owner)
    this.#tidy()
    return undefined
  }

  /** Removes what this owner holds under the id; returns whether there was anything. */
  remove(id: string, owner = ''): boolean {
    const held = this.#holdings.find(id, owner)
    if (held === undefined) return false
    this.#drop(held)
    this.#tidy()
    return true
  }

  /** Removes all that an owner holds, at once; returns how many items that were. */
  dropOwner(owner: string): number {
    const held = this.#holdings.removeOwner(owner)
    for (const { number } of held) this.#index.remove(number)
    return held.length
  }

  /**
   * Items that have all the words and pass the filters, each id once, in no particular order.
   *
   * @throws QueryTooLongError
   */
  query(query: Query): Item[] {
    const found = this.tryQuery(query)
    if (found instanceof Error) throw found
    return found
  }

  /** As {@link query}, with the error as a value: for queries that peers send. */
  tryQuery(query: Query): Item[] | QueryTooLongError {
    const words = searchedWords(query)
    if (words instanceof Error) return words
    const limit = resultLimit(query)
    const found = new Map<string, Item>()
    if (words === 'none' || limit === 0) return []
    this.#visit(words, ({ item }) => {
      if (passes(item, query) && !found.has(item.id)) found.set(item.id, item)
      return found.size < limit ? 'more' : 'enough'
    })
    return [...found.values()]
  }

  /** Who holds an item; '' stands for ourselves. */
  owners(id: string): string[] {
    return [...this.#holdings.ofId(id)].map(({ owner }) => owner)
  }

  /** An item by its id: as we have it if we do, else as whoever added it last. */
  get(id: string): Item | undefined {
    const holding = this.#holdings.find(id, '') ?? this.#holdings.ofId(id).next().value
    return holding?.item
  }

  /** Every item, once for each owner, with who that is. */
  *[Symbol.iterator](): IterableIterator<{ item: Item; owner: string }> {
    for (const { item, owner } of this.#holdings) yield { item, owner }
  }

  /**
   * Gives back some of the memory of removed items; returns whether there is more to give back.
   * Adding and removing do this on the way; call it when there is time and many owners have left.
   *
   * @param budget index entries to look at, about a nanosecond each
   */
  compact(budget = this.#limits.compactStep): boolean {
    this.#holdings.sweep(Math.ceil(budget / entriesPerSweep))
    return this.#index.compact(budget) || this.#holdings.stale > 0
  }

  /** Throws when an invariant is broken. For tests and simulations: it looks at everything. */
  check(): void {
    this.#holdings.check()
    this.#index.check((number) => {
      const holding = this.#holdings.at(number)
      return holding && itemTokens(holding.item)
    })
  }

  #full(item: Item, owner: string, held: Holding | undefined): CatalogFullError | undefined {
    const { maxItems, maxItemsPerOwner, maxBytes } = this.#limits
    const whose = owner === '' ? 'our own items' : `the items of ${owner}`
    if (this.bytes + itemBytes(item) - (held?.bytes ?? 0) > maxBytes) {
      return new CatalogFullError(
        `the catalog has reached ${maxBytes} bytes; remove items or raise maxBytes`
      )
    }
    if (held !== undefined) return
    if (this.size >= maxItems) {
      return new CatalogFullError(
        `the catalog has reached ${maxItems} items; remove some or raise maxItems`
      )
    }
    if (owner !== '' && this.#holdings.ofOwner(owner).size >= maxItemsPerOwner) {
      return new CatalogFullError(
        `${whose} have reached ${maxItemsPerOwner}; remove some or raise maxItemsPerOwner`
      )
    }
  }

  #visit(words: string[] | 'any', visit: (holding: Holding) => 'more' | 'enough'): void {
    const { maxExamined } = this.#limits
    if (words !== 'any') {
      this.#index.match(words, maxExamined, (number) => visit(this.#holdings.at(number)!))
      return
    }
    let examined = 0
    for (const holding of this.#holdings) {
      if (examined++ === maxExamined || visit(holding) === 'enough') return
    }
  }

  #drop(holding: Holding): void {
    this.#holdings.remove(holding)
    this.#index.remove(holding.number)
  }

  /** A step of squeezing, once enough is dead: each change pays for its share, none for all. */
  #tidy(): void {
    const { minDead, compactStep } = this.#limits
    this.#holdings.sweep(Math.ceil(compactStep / entriesPerSweep))
    const due = Math.max(minDead, this.size * defaults.deadShare)
    if (this.#index.compacting || this.#index.dead > due) this.#index.compact(compactStep)
  }
}
