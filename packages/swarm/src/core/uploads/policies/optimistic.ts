import type { PeerKey } from '@peerage/wire'
import { limits } from '../../../limits.ts'
import type { UploadPeer, UploadRound } from './policy.ts'

const { optimistic, newcomer } = limits.uploads

/** tickets of a peer that has just come (Cohen 2003) */
const newcomerTickets = 3

/**
 * Slots that nobody has earned, so that better peers can be found: given by lot for half a minute.
 * Newcomers have three tickets. A ticket that has won goes back only when none is left, so that
 * over time everybody gets the same.
 */
export class Optimistic {
  #drawn: PeerKey[] = []
  #drawnAt = -Infinity
  readonly #spent = new Map<PeerKey, number>()

  /** @param others who has no slot of its own */
  draw({ now, random }: UploadRound, others: readonly UploadPeer[], count: number): PeerKey[] {
    const due = now - this.#drawnAt >= optimistic
    if (due) this.#drawnAt = now
    const here = new Set(others.map(({ peer }) => peer))
    for (const peer of this.#spent.keys()) if (!here.has(peer)) this.#spent.delete(peer)
    this.#drawn = due ? [] : this.#drawn.filter((peer) => here.has(peer)).slice(0, count)
    while (this.#drawn.length < Math.min(count, others.length)) {
      const tickets = this.#tickets(now, others)
      if (tickets.length === 0) this.#spent.clear()
      else this.#win(tickets[random.below(tickets.length)]!)
    }
    return this.#drawn
  }

  #win(peer: PeerKey): void {
    this.#spent.set(peer, (this.#spent.get(peer) ?? 0) + 1)
    this.#drawn.push(peer)
  }

  #tickets(now: number, others: readonly UploadPeer[]): PeerKey[] {
    return others.flatMap(({ peer, since }) => {
      if (this.#drawn.includes(peer)) return []
      const tickets = now - since < newcomer ? newcomerTickets : 1
      const left = tickets - (this.#spent.get(peer) ?? 0)
      return Array.from({ length: Math.max(0, left) }, () => peer)
    })
  }
}
