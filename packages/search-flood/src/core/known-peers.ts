import { BoundedMap, type PeerKey, type Random } from '@peerage/wire'
import type { FloodLimits } from '../limits.ts'

/** Peers that might become neighbours. Whom to try is left to chance, not to who was named last. */
export class KnownPeers {
  /** when each may be tried, in milliseconds */
  readonly #notBefore: BoundedMap<PeerKey, number>

  constructor(limits: Pick<FloodLimits, 'knownPeers' | 'knownPerTeller'>) {
    this.#notBefore = new BoundedMap({
      max: limits.knownPeers,
      maxPerOwner: limits.knownPerTeller
    })
  }

  get size(): number {
    return this.#notBefore.size
  }

  /** @param teller who named the peer; each has a share of the room */
  add(peer: PeerKey, teller: PeerKey): void {
    if (!this.#notBefore.has(peer)) this.#notBefore.set(peer, 0, teller)
  }

  /** Whether a peer is known and not left alone. */
  mayTry(now: number, peer: PeerKey): boolean {
    return (this.#notBefore.get(peer) ?? Infinity) <= now
  }

  /** Leaves a peer alone for a while. @param until milliseconds */
  rest(peer: PeerKey, until: number): void {
    this.#notBefore.set(peer, until, peer)
  }

  /** One that may be tried now, each with the same chance. */
  pick(now: number, random: Random, isTaken: (peer: PeerKey) => boolean): PeerKey | undefined {
    let picked: PeerKey | undefined
    let candidates = 0
    for (const [peer, notBefore] of this.#notBefore) {
      if (notBefore > now || isTaken(peer)) continue
      candidates++
      if (random.below(candidates) === 0) picked = peer
    }
    return picked
  }
}
