import type { PeerKey, Random } from '@peerage/wire'
import type { QueuePlace } from '../../../codec/queue-status.ts'
import type { CreditBook } from './credit.ts'

/** What the choice of whom to serve depends on. */
export interface UploadPeer {
  peer: PeerKey
  /** wants something of us */
  interested: boolean
  /** owes us blocks and is silent, by its own measured answer times */
  snubbed: boolean
  /** bytes per second it gives us, over some of its bursts */
  downRate: number
  /** bytes per second we give it */
  upRate: number
  /** when it came, in milliseconds */
  since: number
  /** whether it is unchoked now */
  served: boolean
  /** when it was last unchoked; undefined for never */
  servedAt: number | undefined
  /** bytes it has had since it was last unchoked */
  turnBytes: number
  /** bytes it has had since it came */
  givenBytes: number
  /** bytes of the torrent it says it has */
  hasBytes: number
}

/** One moment at which it is chosen whom to serve. */
export interface UploadRound {
  /** milliseconds */
  now: number
  /** everybody who is connected */
  peers: readonly UploadPeer[]
  /** we have everything, so that nobody gives us anything */
  seeding: boolean
  random: Random
}

/** Whom to serve: pure but for its own state, one object for each torrent. */
export interface UploadPolicy {
  /** most peers served at a time; one that becomes interested while fewer are need not wait */
  readonly slots: number
  /** time between two rounds, in milliseconds @default 10 s */
  readonly every?: number
  /** The peers to serve from now on. */
  serve(round: UploadRound): ReadonlySet<PeerKey>
  /** Where those who wait stand, to be told them. @default there is no queue to speak of */
  places?(now: number): ReadonlyMap<PeerKey, QueuePlace>
  /** Verified bytes came from this peer. */
  received?(peer: PeerKey, bytes: number): void
  /** Bytes were given to this peer. */
  gave?(peer: PeerKey, bytes: number): void
}

/** What a policy is told of the torrent it is for. */
export interface UploadTorrent {
  /** bytes */
  length: number
  /** bytes */
  pieceLength: number
}

/** Makes the policy of one torrent. */
export interface MakeUploadPolicy {
  (torrent: UploadTorrent): UploadPolicy
  /** what peers have earned with it; the swarm keeps that between runs @default nothing is counted */
  readonly credit?: CreditBook
}

/** Orders by who has waited longest since it was last served; those who never were come first. */
export function longestWaiting(a: UploadPeer, b: UploadPeer): number {
  const [mine, other] = [a.servedAt ?? -Infinity, b.servedAt ?? -Infinity]
  return mine === other ? a.since - b.since : mine - other
}

export function wanting(peers: readonly UploadPeer[]): UploadPeer[] {
  return peers.filter((peer) => peer.interested)
}
