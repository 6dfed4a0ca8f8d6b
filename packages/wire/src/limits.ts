/**
 * Every bound in wire, as data. Sizes in bytes, times in milliseconds unless the name says
 * otherwise; a module passes its own values for the first group.
 */
export const limits = {
  /** largest frame a channel accepts or sends, without its prefix */
  maxFrame: 32 * 1024,
  /** longest length prefix: a varint of three bytes reaches 2 MiB − 1 */
  maxPrefix: 3,
  /** a channel with no bytes in either direction for this long is dropped */
  idleTimeout: 30_000,
  /** longest life of a channel; `Infinity` for a neighbour's long-lived one */
  totalTimeout: Infinity,
  /** how long a request may take from opening the stream to its answer */
  requestTimeout: 10_000,
  /** opening a channel, dial and negotiation included */
  openTimeout: 10_000,
  /** bytes received and not yet read after which the sender is paused */
  readHighMark: 256 * 1024,
  /** … and below which it may go on */
  readLowMark: 64 * 1024,
  /** bytes queued to one peer after which `send` waits and a driver says `slow` */
  sendHighMark: 128 * 1024,
  /** … and below which a driver says `ready` */
  sendLowMark: 32 * 1024,
  /** bytes queued to one peer after which it is dropped */
  sendMax: 1024 * 1024,
  /** a send queue that stays above its high mark this long drops the peer */
  stallTimeout: 30_000,
  /** longest wait for a clean goodbye before the stream is cut */
  endTimeout: 5_000,
  /** streams of one protocol on one connection, each way */
  maxStreams: 4,
  /** channels of one endpoint, all peers together */
  maxChannels: 512,
  /** jobs a driver has under way before it stops reading from its peers */
  maxJobs: 64,
  /** peers the ledger remembers; the least recent without a ban goes first */
  ledgerPeers: 4_096,
  /** offence points at which a peer is dropped */
  dropAt: 10,
  /** offence points at which a peer is banned */
  banAt: 20,
  /** half-life of offence points */
  offenceHalfLife: 5 * 60_000,
  /** first ban; doubles with each further one */
  firstBan: 5 * 60_000,
  /** longest ban */
  longestBan: 17 * 3_600_000
} as const

/** The bounds a module may set for its own endpoint; see {@link limits} for each default. */
export type WireLimits = { readonly [K in keyof typeof limits]: number }
