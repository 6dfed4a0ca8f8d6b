/**
 * Gnutella's search for any js-libp2p node: queries flood from neighbour to neighbour, signed hits
 * walk back the way the query came.
 *
 * ```ts
 * import { searchFlood } from '@peerage/search-flood'
 *
 * const node = await createLibp2p({
 *   // … transports, encrypters, muxers …
 *   services: { search: searchFlood({ catalog }) }
 * })
 * await node.services.search.join([multiaddr('/ip4/192.0.2.7/tcp/4001/p2p/12D3Koo…')])
 * for await (const hit of node.services.search.search('blue train')) {
 *   console.log(hit.item.name, hit.peer.toString(), hit.hops)
 * }
 * ```
 *
 * @module
 */
import type { SearchFlood, SearchFloodComponents, SearchFloodInit } from './api.ts'
import { FloodService } from './search-flood.ts'

/** A libp2p service that searches by flooding. */
export function searchFlood(
  init: SearchFloodInit = {}
): (components: SearchFloodComponents) => SearchFlood {
  return (components) => new FloodService(components, init)
}

export type {
  Hit,
  QuerySeen,
  SearchFlood,
  SearchFloodComponents,
  SearchFloodEvents,
  SearchFloodInit,
  SearchOptions,
  SearchRun
} from './api.ts'
export type { FloodCounts } from './core/counts.ts'
export { flood, type QueryHistory, type Strategy } from './core/strategy.ts'
export type { SearchEnd, SearchEndReason } from './core/vocabulary.ts'
export { JoinError, type JoinAttempt } from './errors.ts'
export { limits, type FloodLimits } from './limits.ts'
