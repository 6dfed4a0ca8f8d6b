import type { Query } from '@peerage/catalog'

/** The first frame of both sides: who is speaking and whom it knows. */
export interface HelloFrame {
  readonly type: 'hello'
  /** neighbours the sender has */
  readonly degree: number
  /** the sender's own signed peer record */
  readonly record?: Uint8Array | undefined
  /** signed peer records of others */
  readonly others: readonly Uint8Array[]
}

/** "Are you there?", and how many other peers the sender would like to hear of. */
export interface PingFrame {
  readonly type: 'ping'
  readonly want: number
}

/** The answer to a ping. */
export interface PongFrame {
  readonly type: 'pong'
  readonly others: readonly Uint8Array[]
}

/** A search on its way out. */
export interface QueryFrame {
  readonly type: 'query'
  /** 16 bytes */
  readonly id: Uint8Array
  /** how many more nodes may see it, the receiver included */
  readonly ttl: number
  /** how many nodes have passed it on */
  readonly hops: number
  /** `query.limit` is the most items one responder should send */
  readonly query: Query
}

/** One responder's answer on its way back. */
export interface HitsFrame {
  readonly type: 'hits'
  readonly queryId: Uint8Array
  /** how many nodes have passed it back */
  readonly hops: number
  /** a signed envelope over a hit record */
  readonly envelope: Uint8Array
}

/** The last frame: why, and whom to try instead. */
export interface ByeFrame {
  readonly type: 'bye'
  readonly reason: string
  readonly others: readonly Uint8Array[]
}

/** What travels between neighbours. */
export type FloodFrame = HelloFrame | PingFrame | PongFrame | QueryFrame | HitsFrame | ByeFrame
