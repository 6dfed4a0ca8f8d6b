import { TokenBucket, type PeerKey } from '@peerage/wire'
import type { FloodLimits } from '../limits.ts'

/** A channel to a peer that is, or may become, a neighbour. */
export interface Link {
  readonly peer: PeerKey
  /** its number in the route table, below 32 */
  readonly number: number
  readonly since: number
  /** said hello: from here on it is a neighbour */
  isNeighbour: boolean
  /** its own signed peer record, which may be passed on */
  record?: Uint8Array | undefined
  /** its send queue is above the high mark: it gets no queries until it has caught up */
  isSlow: boolean
  /** when its last frame came */
  heardAt: number
  /** when it was last pinged */
  pingedAt: number
  /** pings since its last frame */
  unanswered: number
  readonly may: Allowances
}

/** What a neighbour may make us do, and how often. */
export interface Allowances {
  readonly ownQuery: TokenBucket
  readonly relayedQuery: TokenBucket
  readonly hits: TokenBucket
  readonly greeting: TokenBucket
  readonly introduction: TokenBucket
  readonly meeting: TokenBucket
}

/** The links of one node, each with a small number that is free again once it is gone. */
export class Links {
  readonly #limits: FloodLimits
  readonly #byPeer = new Map<PeerKey, Link>()
  /** never more than 32: the route table has a bit for each */
  readonly #byNumber: Array<Link | undefined> = []

  constructor(limits: FloodLimits) {
    this.#limits = limits
  }

  /** neighbours, and peers that have not said hello yet */
  get size(): number {
    return this.#byPeer.size
  }

  get(peer: PeerKey): Link | undefined {
    return this.#byPeer.get(peer)
  }

  at(number: number): Link | undefined {
    return this.#byNumber[number]
  }

  /** The caller has checked that there is room. */
  add(now: number, peer: PeerKey): Link {
    const free = this.#byNumber.indexOf(undefined)
    const number = free === -1 ? this.#byNumber.length : free
    const link: Link = {
      peer,
      number,
      since: now,
      isNeighbour: false,
      isSlow: false,
      heardAt: now,
      pingedAt: now,
      unanswered: 0,
      may: allowances(this.#limits)
    }
    this.#byNumber[number] = link
    this.#byPeer.set(peer, link)
    return link
  }

  remove(link: Link): void {
    this.#byPeer.delete(link.peer)
    this.#byNumber[link.number] = undefined
  }

  [Symbol.iterator](): IterableIterator<Link> {
    return this.#byPeer.values()
  }

  neighbours(): Link[] {
    return [...this.#byPeer.values()].filter(({ isNeighbour }) => isNeighbour)
  }

  /** Throws when the two ways to find a link disagree. */
  check(): void {
    for (const link of this) {
      if (this.at(link.number) !== link) throw new Error(`link ${link.number} is not ${link.peer}`)
    }
    const numbered = this.#byNumber.filter((link) => link != null).length
    if (numbered !== this.size || numbered > 32) throw new Error(`${numbered} links have numbers`)
  }
}

function allowances(limits: FloodLimits): Allowances {
  const bucket = (capacity: number, perSecond: number): TokenBucket =>
    new TokenBucket({ capacity, perSecond })
  return {
    ownQuery: bucket(limits.ownQueryBurst, limits.ownQueryRate),
    relayedQuery: bucket(limits.relayedQueryBurst, limits.relayedQueryRate),
    hits: bucket(limits.hitsBurst, limits.hitsRate),
    greeting: bucket(limits.greetingBurst, limits.greetingRate),
    introduction: bucket(limits.introductionBurst, limits.introductionRate),
    meeting: bucket(limits.meetingBurst, limits.meetingRate)
  }
}
