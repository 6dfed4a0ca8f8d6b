import type { Query } from '@peerage/catalog'
import type { PeerKey } from '@peerage/wire'

/** What has happened to a query on this node so far. */
export interface QueryHistory {
  /** the neighbour it came from; `undefined` for a search of our own */
  readonly from: PeerKey | undefined
  /** how many more nodes may see it, the next one included */
  readonly ttl: number
  /** how many nodes have passed it on */
  readonly hops: number
}

/** Decides who hears a query next. Pure, so that the simulator runs the very same object. */
export interface Strategy {
  /**
   * Whoever is named but is no neighbour, is slow, or sent the query here is left out by the core:
   * no strategy can break the rule that a query never leaves a node twice.
   */
  next(query: Query, neighbours: readonly PeerKey[], history: QueryHistory): readonly PeerKey[]
}

/** Gnutella's first: everyone but the sender. */
export const flood: Strategy = {
  next: (_query, neighbours, { from }) => neighbours.filter((peer) => peer !== from)
}
