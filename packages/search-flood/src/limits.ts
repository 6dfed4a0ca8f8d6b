/**
 * Every bound of the flood protocol, as data. Sizes in bytes, times in milliseconds unless the
 * name says otherwise.
 */
export const limits = {
  /** largest frame, without its length prefix: a hello with ten records is the largest there is */
  maxFrame: 18 * 1024,
  /** largest query frame: gtk-gnutella cuts a link at 1 KiB */
  maxQueryFrame: 512,
  /** longest text of a query, UTF-8 */
  maxText: 256,
  /** largest hits frame, its envelope included: what gtk-gnutella forwards */
  maxHitsFrame: 16 * 1024,
  /** what a responder lets the record inside the envelope grow to */
  maxHitRecord: 15 * 1024,
  /** items in one hit record */
  maxItems: 50,
  /** addresses in one hit record, and in a peer record that is passed on */
  maxAddresses: 8,
  /** longest address, as multiaddr bytes */
  maxAddress: 256,
  /** other peers named in one hello, pong or bye */
  maxOthers: 10,
  /** largest signed peer record that is passed on */
  maxPeerRecord: 1_024,
  /** longest reason of a goodbye */
  maxReason: 64,
  /** length of a query's id */
  idLength: 16,
  /** hops + TTL of any query, so how far it gets at most (Gnutella 0.6 §2.2.1) */
  maxTtl: 7,

  /** neighbours below which a node looks for more */
  minNeighbours: 4,
  /** neighbours above which it refuses */
  maxNeighbours: 12,
  /** most neighbours a node may be set to: the route table keeps a bit for each */
  mostNeighbours: 32,
  /** how long a new neighbour may take to say hello */
  helloTimeout: 10_000,
  /** how long a join waits for a second channel when the first was closed without a word */
  joinGrace: 1_000,
  /** silence after which a neighbour is pinged; three pings without an answer cut the link */
  pingAfter: 10_000,
  /** how often a node short of neighbours tries again */
  fillEvery: 5_000,
  /** how often it asks its neighbours for other peers */
  askEvery: 60_000,
  /** how long a peer that could not be reached, or refused, is left alone */
  redialAfter: 10 * 60_000,
  /** how long one whose link broke is left alone */
  reconnectAfter: 30_000,
  /** peers remembered as possible neighbours … */
  knownPeers: 1_000,
  /** … and how many of them by hearsay from one neighbour */
  knownPerTeller: 100,
  /** dials under way at once */
  dialsAtOnce: 4,

  /** queries remembered in each of two generations */
  routes: 20_000,
  /** age at which the younger generation of routes becomes the older one */
  routeGeneration: 5 * 60_000,
  /** signatures being made or checked at once; what comes on top is dropped */
  jobs: 64,
  /** how far a hit's time may be from ours: clocks are wrong more often than hits are replayed */
  freshness: 10 * 60_000,

  /** searches of our own at once */
  searches: 64,
  /** hits of a search that does not say how many it wants */
  searchLimit: 100,
  /** most hits of one search */
  maxSearchLimit: 1_000,
  /** how long a search that does not say so waits */
  searchTimeout: 10_000,

  /** our own searches: burst, and per second; the next one waits, so that no neighbour takes offence */
  searchBurst: 10,
  searchRate: 0.5,
  /** a neighbour's queries that are its own (hops 0): burst, and per second */
  ownQueryBurst: 20,
  ownQueryRate: 1,
  /** a neighbour's queries that it passes on: about ten times what a link sees on a calm day */
  relayedQueryBurst: 60,
  relayedQueryRate: 15,
  /** a neighbour's hits frames */
  hitsBurst: 200,
  hitsRate: 50,
  /** a neighbour's hellos and pings */
  greetingBurst: 6,
  greetingRate: 0.5,
  /** times a neighbour is told of other peers */
  introductionBurst: 2,
  introductionRate: 1 / 30,
  /** peer records of one neighbour that are checked */
  meetingBurst: 20,
  meetingRate: 0.5
} as const

/** The bounds a node may set for itself; see {@link limits} for each default. */
export type FloodLimits = { readonly [K in keyof typeof limits]: number }

/**
 * Points in the peer ledger, which drops at 10 and bans at 20; they halve every five minutes. What
 * an honest node never does weighs most; what may be the fault of somebody further down the path
 * weighs next to nothing.
 */
export const offences = {
  /** a first frame that is no hello */
  outOfTurn: 5,
  /** the same query from the same neighbour again */
  repeatedQuery: 2,
  /** a hit for a query we never sent to that neighbour */
  strayHit: 2,
  /** a hit or a peer record of the neighbour's own that does not hold, or a record it passed on */
  forgery: 2,
  /** hops + TTL over the limit: every honest node trims before it sends */
  overHorizon: 1,
  /** queries of its own, hellos or pings over the rate */
  flooding: 0.5,
  /** a hit that does not hold, passed back by a neighbour that could not know */
  relayedForgery: 0.25
} as const
