import type { PeerKey } from '@peerage/wire'
import { limits } from '../limits.ts'

/** Whoever asked no longer ago than this is counted among those who share, in milliseconds. */
const recent = 2_000

/**
 * Bytes per second that several may share. A bucket that holds a second's worth: whoever finds it
 * not empty may take more than is there, and all wait until that is made good, so a limit below one
 * block a second still lets blocks through.
 */
export class RateLimit {
  /** bytes; `Infinity` for no limit, 0 for nothing at all */
  perSecond: number
  #bytes = Infinity
  /** what there was when it was last filled, which those who ask at the same moment share */
  #pool = Infinity
  #filledAt = 0
  /** who asked when, the longest ago first */
  readonly #askers = new Map<unknown, number>()

  constructor(perSecond = Infinity) {
    this.perSecond = perSecond
  }

  /** Bytes that `who` may take now: an equal share of what there is. */
  room(now: number, who: unknown): number {
    if (this.perSecond === Infinity) return Infinity
    this.#fill(now)
    this.#askers.delete(who)
    this.#askers.set(who, now)
    for (const [asker, at] of this.#askers) {
      if (now - at <= recent) break
      this.#askers.delete(asker)
    }
    return Math.max(0, Math.min(this.#bytes, this.#pool / this.#askers.size))
  }

  take(now: number, bytes: number): void {
    if (this.perSecond === Infinity) return
    this.#fill(now)
    this.#bytes -= bytes
  }

  #fill(now: number): void {
    if (now === this.#filledAt && this.#pool !== Infinity) return
    const inflow = ((now - this.#filledAt) / 1_000) * this.perSecond
    const capacity = this.perSecond === 0 ? 0 : Math.max(this.perSecond, limits.wire.block)
    this.#bytes = Math.min(capacity, this.#bytes + inflow)
    this.#pool = this.#bytes
    this.#filledAt = now
  }
}

/** One direction of one torrent: what the node, the torrent and each peer may take together. */
export class Throttle {
  readonly #node: RateLimit
  readonly #torrent = new RateLimit()
  readonly #peers = new Map<PeerKey, RateLimit>()
  #perPeer = Infinity

  /** @param node shared with all other torrents @default no limit */
  constructor(node = new RateLimit()) {
    this.#node = node
  }

  /** @param torrent bytes per second, all peers together @param perPeer bytes per second of each */
  limit(torrent: number, perPeer: number): void {
    this.#torrent.perSecond = torrent
    this.#perPeer = perPeer
    for (const limit of this.#peers.values()) limit.perSecond = perPeer
  }

  /** Bytes that may pass between us and this peer now. */
  room(now: number, peer: PeerKey): number {
    const own = this.#of(peer)?.room(now, peer) ?? Infinity
    // asked even if there is no room elsewhere would be a share of the others' lost
    if (own === 0) return 0
    const ours = Math.min(own, this.#torrent.room(now, peer))
    return ours === 0 ? 0 : Math.min(ours, this.#node.room(now, this))
  }

  take(now: number, peer: PeerKey, bytes: number): void {
    this.#node.take(now, bytes)
    this.#torrent.take(now, bytes)
    this.#of(peer)?.take(now, bytes)
  }

  left(peer: PeerKey): void {
    this.#peers.delete(peer)
  }

  #of(peer: PeerKey): RateLimit | undefined {
    if (this.#perPeer === Infinity) return undefined
    const known = this.#peers.get(peer)
    if (known != null) return known
    const limit = new RateLimit(this.#perPeer)
    this.#peers.set(peer, limit)
    return limit
  }
}
