import type { Hit } from '@peerage/search-flood'
import type { Found, Source } from './saved-hits.ts'

/** A search's hits, grouped by what they are: the same bytes under one number, whoever has them. */
export class HitList {
  readonly #byId = new Map<string, Found & { sources: Source[] }>()

  /** In order of their numbers. */
  get found(): readonly Found[] {
    return [...this.#byId.values()]
  }

  /** Takes a hit in; says which number it is, and whether it is the first of that. */
  add({ item, peer, addresses, hops }: Hit): { number: number; isNew: boolean } {
    const source: Source = { peer: peer.toString(), addresses: addresses.map(String), hops }
    const known = this.#byId.get(item.id)
    if (known !== undefined) {
      known.sources.push(source)
      return { number: known.number, isNew: false }
    }
    const number = this.#byId.size + 1
    this.#byId.set(item.id, { number, item, sources: [source] })
    return { number, isNew: true }
  }
}
