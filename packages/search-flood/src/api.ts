import type {
  AbortOptions,
  ComponentLogger,
  Libp2pEvents,
  Metrics,
  PeerId,
  PeerStore,
  PrivateKey,
  Startable,
  TypedEventTarget
} from '@libp2p/interface'
import type { AddressManager, ConnectionManager, Registrar } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Item, Query } from '@peerage/catalog'
import type { Clock, Random } from '@peerage/wire'
import type { FloodCounts } from './core/counts.ts'
import type { Strategy } from './core/strategy.ts'
import type { SearchEnd } from './core/vocabulary.ts'
import type { FloodLimits } from './limits.ts'

export interface SearchFloodInit {
  /** what this node shares: anything that answers queries, such as a `Catalog` @default nothing */
  catalog?: { query(query: Query): Item[] }
  /** a way to match of your own, instead of `catalog` */
  match?: (query: Query) => Item[]
  /** how many neighbours to look for, and to have at most (32 is the limit) @default { min: 4, max: 12 } */
  neighbours?: { min?: number; max?: number }
  /** how many links a search goes at most, 1 to 7 @default 7 */
  ttl?: number
  /** who hears a query next @default flood */
  strategy?: Strategy
  /** whether to search over relays that limit time and bytes, too @default false */
  limited?: boolean
  /** other bounds than the ones in `limits` */
  limits?: Partial<FloodLimits>
  /** @default systemClock */
  clock?: Clock
  /** @default secureRandom */
  random?: Random
}

/** What the service needs of a libp2p node. */
export interface SearchFloodComponents {
  registrar: Registrar
  connectionManager: ConnectionManager
  peerId: PeerId
  privateKey: PrivateKey
  peerStore: PeerStore
  addressManager: AddressManager
  events: TypedEventTarget<Libp2pEvents>
  logger: ComponentLogger
  metrics?: Metrics
}

export interface SearchOptions extends AbortOptions {
  /** ends the search after so many hits, 1 to 1,000 @default 100 */
  limit?: number
  /** how many links the query goes at most, 1 to 7 @default the service's `ttl` */
  ttl?: number
  /** milliseconds to wait for hits @default 10_000 */
  timeout?: number
}

/** One item that one peer offers. The signature over it has been checked. */
export interface Hit {
  item: Item
  /** who offers it, and signed for it */
  peer: PeerId
  /** where that peer says it can be reached */
  addresses: Multiaddr[]
  /** how many links away it is along the path the hit came; 1 is a neighbour */
  hops: number
  /** the neighbour that brought it */
  via: PeerId
}

/** A search under way: iterate over it for its hits. Leaving the loop cancels it. */
export interface SearchRun extends AsyncIterable<Hit> {
  /** why it ended, and what came of it; never rejects */
  readonly ended: Promise<SearchEnd>
}

/** A query as a node on its path sees it. */
export interface QuerySeen {
  /** 16 bytes, the same on every node */
  id: Uint8Array
  /** the neighbour that sent it, which need not be who asks */
  from: PeerId
  /** how many more nodes may see it, this one included */
  ttl: number
  /** how many nodes have passed it on */
  hops: number
  query: Query
}

export interface SearchFloodEvents {
  'neighbour:add': CustomEvent<PeerId>
  'neighbour:remove': CustomEvent<{ peer: PeerId; reason: string }>
  /** somebody else's query came by for the first time */
  'query:seen': CustomEvent<QuerySeen>
  /** a query, our own or somebody else's, went out */
  'query:forwarded': CustomEvent<{ id: Uint8Array; to: PeerId[]; ttl: number; hops: number }>
  /** something we share matched, and was sent back */
  'query:answered': CustomEvent<{ id: Uint8Array; to: PeerId; items: number }>
  /** a hit for somebody else was passed back */
  'hit:routed': CustomEvent<{ id: Uint8Array; from: PeerId; to: PeerId; hops: number }>
}

export interface SearchFlood extends Startable, TypedEventTarget<SearchFloodEvents> {
  /**
   * Asks the network. Our own items are not among the hits.
   *
   * @throws NotStartedError before the node is started
   * @throws QueryTooLongError for more than 12 words or 256 bytes
   * @throws InvalidParametersError for control characters or numbers out of range
   */
  search(words: string | Query, options?: SearchOptions): SearchRun
  /**
   * Makes neighbours of the peers named, and resolves with the first.
   *
   * @throws JoinError names each address and what came of it
   */
  join(targets: ReadonlyArray<PeerId | Multiaddr>, options?: AbortOptions): Promise<void>
  /** peers that pass on our queries, and we theirs */
  readonly neighbours: PeerId[]
  /** what this node has done and refused since it was started */
  readonly counts: Readonly<FloodCounts>
}
