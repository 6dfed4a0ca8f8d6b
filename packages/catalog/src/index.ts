/**
 * What peers share, and the in-memory index that both kinds of search match against.
 *
 * ```ts
 * import { Catalog, mediaTypeOf } from '@peerage/catalog'
 *
 * const catalog = new Catalog()
 * const name = 'Łódź by night.webm'
 * catalog.add({ id: 'a1', name, size: 7_000_000, type: mediaTypeOf(name), attributes: {} })
 * catalog.query({ words: 'night lodz', type: 'video' }) // the item
 * ```
 *
 * Folders of files (Node only) are read by `@peerage/catalog/folder`.
 *
 * @module
 */
export { Catalog, type CatalogInit } from './core/catalog.ts'
export { queryTokens, tokenize, tryQueryTokens } from './core/tokenize.ts'
export { CatalogFullError, InvalidItemError, QueryTooLongError } from './errors.ts'
export { checkItem, type Item } from './item.ts'
export { type CatalogLimits, limits } from './limits.ts'
export { type MediaType, mediaTypeOf, mediaTypes } from './media-type.ts'
export { itemTokens, matches, type Query } from './query.ts'
