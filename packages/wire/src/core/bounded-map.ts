export interface BoundedMapInit<K, V> {
  /** most entries kept */
  max: number
  /** most entries of one owner, so that no peer fills the map alone @default max */
  maxPerOwner?: number
  /** told of each entry that had to go */
  onEvict?: (key: K, value: V) => void
}

/** A map with a ceiling: the entry set longest ago goes first, of the same owner when its share is full. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { value: V; owner: string }>()
  readonly #owners = new Map<string, Set<K>>()
  readonly #max: number
  readonly #maxPerOwner: number
  readonly #onEvict: ((key: K, value: V) => void) | undefined

  constructor(init: BoundedMapInit<K, V>) {
    this.#max = init.max
    this.#maxPerOwner = init.maxPerOwner ?? init.max
    this.#onEvict = init.onEvict
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  /** Sets `key` and makes it the youngest entry. */
  set(key: K, value: V, owner = ''): void {
    this.delete(key)
    const share = this.#owners.get(owner)
    if (share != null && share.size >= this.#maxPerOwner) this.#evict(share)
    else if (this.#entries.size >= this.#max) this.#evict(this.#entries.keys())
    this.#entries.set(key, { value, owner })
    const keys = this.#owners.get(owner)
    if (keys == null) this.#owners.set(owner, new Set([key]))
    else keys.add(key)
  }

  delete(key: K): boolean {
    const entry = this.#entries.get(key)
    if (entry == null) return false
    this.#entries.delete(key)
    const share = this.#owners.get(entry.owner)!
    share.delete(key)
    if (share.size === 0) this.#owners.delete(entry.owner)
    return true
  }

  clear(): void {
    this.#entries.clear()
    this.#owners.clear()
  }

  /** Oldest first. */
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const [key, { value }] of this.#entries) yield [key, value]
  }

  #evict(oldestFirst: Iterable<K>): void {
    for (const key of oldestFirst) {
      const { value } = this.#entries.get(key)!
      this.delete(key)
      this.#onEvict?.(key, value)
      return
    }
  }
}
