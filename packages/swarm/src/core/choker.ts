import type { PeerKey, Random } from '@peerage/wire'
import { limits } from '../limits.ts'

const { slots, optimistic, newcomer, quotaTime } = limits.uploads

/** What the choice of whom to serve depends on. */
export interface ChokerPeer {
  peer: PeerKey
  /** wants something of us */
  interested: boolean
  /** owes us blocks and is silent */
  snubbed: boolean
  /** bytes per second it gives us */
  downRate: number
  /** when it came, in milliseconds */
  since: number
  /** when it was last unchoked; undefined for never */
  servedAt: number | undefined
  /** whether it is unchoked now */
  served: boolean
  /** has had its quota of this turn */
  sated: boolean
}

/**
 * Whom to serve: tit-for-tat while we fetch, in turn when we have everything. Other policies, such
 * as a visible queue, will stand beside this class and answer the same question.
 */
export class Choker {
  readonly #random: Random
  #optimistic: PeerKey[] = []
  #drawnAt = -Infinity

  constructor(random: Random) {
    this.#random = random
  }

  /** The peers to serve from now on. */
  round(now: number, peers: readonly ChokerPeer[], seeding: boolean): Set<PeerKey> {
    const asking = peers.filter((peer) => peer.interested)
    return new Set(seeding ? inTurn(now, asking) : this.#titForTat(now, asking))
  }

  /** The best givers, and one other at random so that better ones can be found (Cohen 2003). */
  #titForTat(now: number, asking: readonly ChokerPeer[]): PeerKey[] {
    const givers = asking
      .filter((peer) => peer.downRate > 0 && !peer.snubbed)
      .sort((a, b) => b.downRate - a.downRate)
      .slice(0, slots - 1)
      .map(({ peer }) => peer)
    const others = asking.filter(({ peer }) => !givers.includes(peer))
    return [...givers, ...this.#draw(now, others, slots - givers.length)]
  }

  /** Slots nobody has earned are given by lot, for half a minute; newcomers have three tickets. */
  #draw(now: number, others: readonly ChokerPeer[], count: number): PeerKey[] {
    const due = now - this.#drawnAt >= optimistic
    if (due) this.#drawnAt = now
    const kept = due ? [] : this.#optimistic.filter((key) => others.some((o) => o.peer === key))
    const drawn = kept.slice(0, count)
    const tickets = others
      .filter(({ peer }) => !drawn.includes(peer))
      .flatMap(({ peer, since }) => (now - since < newcomer ? [peer, peer, peer] : [peer]))
    while (drawn.length < count && tickets.length > 0) {
      const winner = tickets.splice(this.#random.below(tickets.length), 1)[0]!
      if (!drawn.includes(winner)) drawn.push(winner)
    }
    this.#optimistic = drawn
    return drawn
  }
}

/** Who is being served goes on until it is sated; then whoever has waited longest. */
function inTurn(now: number, asking: readonly ChokerPeer[]): PeerKey[] {
  const turnOf = (peer: ChokerPeer) => {
    if (!peer.served) return 1
    return peer.sated && now - (peer.servedAt ?? now) >= quotaTime ? 2 : 0
  }
  return asking
    .toSorted(
      (a, b) => turnOf(a) - turnOf(b) || (a.servedAt ?? -Infinity) - (b.servedAt ?? -Infinity) || 0
    )
    .slice(0, slots)
    .map(({ peer }) => peer)
}
