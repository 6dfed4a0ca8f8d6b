import { BoundedMap, type PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'

const { most, least, good, bad } = limits.trust.points

interface Standing {
  points: number
  /** pieces it has yet to prove alone */
  owes: number
}

/**
 * What is thought of a peer by the pieces it had a part in: libtorrent's trust points, one up for
 * a good piece, two down for a bad one. After a bad one it is on parole until a piece that it sent
 * alone is good; whoever has run out of points wins them back first, piece by piece. Libtorrent
 * bans then; but an honest peer gets there too, if it shares pieces with a liar for long enough.
 */
export class Trust {
  readonly #standings = new BoundedMap<PeerKey, Standing>({ max: limits.peers.known })

  /** A peer's points; nobody has any to begin with. */
  points(peer: PeerKey): number {
    return this.#standings.get(peer)?.points ?? 0
  }

  onParole(peer: PeerKey): boolean {
    return (this.#standings.get(peer)?.owes ?? 0) > 0
  }

  /** It had a part in a bad piece, with others. */
  suspect(peer: PeerKey): void {
    const points = Math.max(least, this.points(peer) - bad)
    this.#standings.set(peer, { points, owes: points === least ? -least : 1 })
  }

  /** It had a part in a good piece. @param alone or sent all of it */
  proved(peer: PeerKey, alone: boolean): void {
    const { points = 0, owes = 0 } = this.#standings.get(peer) ?? {}
    const left = alone ? Math.max(0, owes - 1) : owes
    this.#standings.set(peer, { points: Math.min(most, points + good), owes: left })
  }
}
