import type { Item, Query } from '@peerage/catalog'
import type { Effect, Emit, Input, PeerKey } from '@peerage/wire'
import type { FloodFrame } from '../codec/frame.ts'

/** What the local user asks of the core. */
export type FloodAsk =
  /** `run` is chosen by the asker and comes back in every piece of news about this search */
  | { type: 'search'; run: number; query: Query; ttl: number; limit: number; timeout: number }
  | { type: 'cancel'; run: number }
  /** a peer we are connected to and which speaks the protocol; `isOurs` when we dialled it */
  | { type: 'candidate'; peer: PeerKey; isOurs: boolean }
  /** a peer the user wants for a neighbour; news about it follows */
  | { type: 'join'; peer: PeerKey }
  /** our own signed peer record, now that our addresses are known or have changed */
  | { type: 'record'; record: Uint8Array }
  /** says bye to all neighbours; nothing is begun afterwards */
  | { type: 'leave' }

/** What needs keys, a wall clock or the peer store. */
export type FloodWork =
  | { type: 'sign'; queryId: Uint8Array; items: readonly Item[] }
  | { type: 'verify'; queryId: Uint8Array; envelope: Uint8Array }
  /** checks a signed peer record and remembers its addresses */
  | { type: 'meet'; record: Uint8Array }

export type FloodResult =
  | { type: 'signed'; envelope: Uint8Array }
  | {
      type: 'verified'
      responder: PeerKey
      items: readonly Item[]
      addresses: readonly Uint8Array[]
    }
  | { type: 'met'; peer: PeerKey }
  | { type: 'failed'; reason: string }

/** Why a search is over. */
export type SearchEndReason =
  | 'limit'
  | 'timeout'
  | 'cancelled'
  | 'no neighbours'
  | 'too many searches'

/** What came of a search. */
export interface SearchEnd {
  reason: SearchEndReason
  /** neighbours the query was sent to */
  sent: number
  /** hits given to the user */
  hits: number
  /** different peers that answered */
  responders: number
  /** answers refused: a wrong signature, signer, query or time */
  rejected: number
}

/** What the core tells its user. */
export type FloodNews =
  | { type: 'neighbour-up'; peer: PeerKey }
  | { type: 'neighbour-down'; peer: PeerKey; reason: string }
  | Refusal
  | {
      type: 'query-seen'
      id: Uint8Array
      from: PeerKey
      ttl: number
      hops: number
      query: Query
    }
  | { type: 'query-forwarded'; id: Uint8Array; to: readonly PeerKey[]; ttl: number; hops: number }
  | { type: 'query-answered'; id: Uint8Array; to: PeerKey; items: number }
  | { type: 'hit-routed'; id: Uint8Array; from: PeerKey; to: PeerKey; hops: number }
  | { type: 'hit'; run: number; hit: FoundItem }
  | { type: 'end'; run: number; end: SearchEnd }

/** A peer that did not become a neighbour. */
export interface Refusal {
  type: 'refused'
  peer: PeerKey
  /**
   * which side said so; `nobody` when the channel just ended, which also happens when both sides
   * opened one and the other is kept
   */
  by: 'us' | 'them' | 'nobody'
  reason: string
}

/** One item of one responder, checked. */
export interface FoundItem {
  item: Item
  responder: PeerKey
  /** multiaddr bytes */
  addresses: readonly Uint8Array[]
  /** how many links away the responder is along this path; 1 is a neighbour */
  hops: number
  /** the neighbour that brought it */
  via: PeerKey
}

/** The words of the flood protocol, for wire's `Core` and `Driver`. */
export interface FloodVocabulary {
  frame: FloodFrame
  ask: FloodAsk
  work: FloodWork
  result: FloodResult
  news: FloodNews
}

export type FloodInput = Input<FloodVocabulary>
export type FloodEffect = Effect<FloodVocabulary>
export type FloodEmit = Emit<FloodVocabulary>
