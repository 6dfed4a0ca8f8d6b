import { tokenize, tryQueryTokens } from './core/tokenize.ts'
import type { QueryTooLongError } from './errors.ts'
import type { Item } from './item.ts'
import { limits } from './limits.ts'
import type { MediaType } from './media-type.ts'

/** What is searched for. */
export interface Query {
  /**
   * words that must all be in the name or the attribute values, at most 12 in 256 bytes; the empty
   * text asks for every item the filters let through
   */
  readonly words: string
  /** only items of this media type */
  readonly type?: MediaType | undefined
  /** only items of at least this many bytes */
  readonly minSize?: number | undefined
  /** only items of at most this many bytes */
  readonly maxSize?: number | undefined
  /**
   * how many items at most; more than 1,000 are never given
   *
   * @default 50
   */
  readonly limit?: number | undefined
}

/** The words an item is found by: its name's, then its attribute values', at most 64. */
export function itemTokens(item: Item): string[] {
  const texts = [item.name, ...Object.values(item.attributes)]
  return tokenize(texts.join(' ')).slice(0, limits.maxItemTokens)
}

/** Whether an item is an answer to a query: what whoever receives hits checks them with. */
export function matches(item: Item, query: Query): boolean {
  const words = searchedWords(query)
  if (words instanceof Error || !passes(item, query)) return false
  const has = new Set(itemTokens(item))
  return words === 'any' || (words !== 'none' && words.every((word) => has.has(word)))
}

/** What to look up: words, `any` item for a blank text, `none` for a text of signs alone. */
export function searchedWords(query: Query): string[] | 'any' | 'none' | QueryTooLongError {
  const words = tryQueryTokens(query.words)
  if (words instanceof Error || words.length > 0) return words
  return query.words.trim() === '' ? 'any' : 'none'
}

/** Whether an item passes the filters, whatever its words are. */
export function passes(item: Item, { type, minSize, maxSize }: Query): boolean {
  if (type !== undefined && item.type !== type) return false
  if (minSize !== undefined && item.size < minSize) return false
  return maxSize === undefined || item.size <= maxSize
}

/** How many results a query gets at most. */
export function resultLimit({ limit }: Query): number {
  if (limit === undefined || Number.isNaN(limit)) return limits.defaultResults
  return Math.max(0, Math.min(Math.floor(limit), limits.maxResults))
}
