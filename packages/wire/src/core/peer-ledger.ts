import { limits } from '../limits.ts'
import type { PeerKey } from './core.ts'
import type { LedgerRecord } from './ledger-record.ts'

/** What the ledger says of an offence: go on, close the channel, or refuse the peer for a while. */
export type Verdict = 'keep' | 'drop' | 'ban'

export interface PeerLedgerInit {
  /** points at which a peer is dropped @default 10 */
  dropAt?: number
  /** points at which a peer is banned @default 20 */
  banAt?: number
  /** milliseconds in which points halve @default 300_000 */
  halfLife?: number
  /** first ban in milliseconds; each further one doubles @default 300_000 */
  firstBan?: number
  /** longest ban in milliseconds @default 61_200_000 */
  longestBan?: number
  /** peers remembered @default 4_096 */
  maxPeers?: number
}

interface Entry {
  points: number
  scoredAt: number
  bans: number
  bannedUntil: number
}

/** Remembers who offended: points that fade, then a drop, then bans that double. */
export class PeerLedger {
  readonly #entries = new Map<PeerKey, Entry>()
  readonly #init: Required<PeerLedgerInit>
  /** times it has banned somebody, those it was told of at the start apart */
  bans = 0
  /** Called when there is something new to keep. */
  onChange: () => void = () => {}

  constructor(init: PeerLedgerInit = {}) {
    this.#init = {
      dropAt: init.dropAt ?? limits.dropAt,
      banAt: init.banAt ?? limits.banAt,
      halfLife: init.halfLife ?? limits.offenceHalfLife,
      firstBan: init.firstBan ?? limits.firstBan,
      longestBan: init.longestBan ?? limits.longestBan,
      maxPeers: init.maxPeers ?? limits.ledgerPeers
    }
  }

  get size(): number {
    return this.#entries.size
  }

  /** Adds points to a peer's account. @param now milliseconds on a clock that never goes back */
  score(now: number, peer: PeerKey, points: number): Verdict {
    const entry = this.#entry(now, peer)
    entry.points = this.#faded(now, entry) + points
    entry.scoredAt = now
    this.onChange()
    if (entry.points >= this.#init.banAt) return this.#ban(now, entry)
    return entry.points >= this.#init.dropAt ? 'drop' : 'keep'
  }

  /** Bans a peer at once, whatever its points. */
  ban(now: number, peer: PeerKey): void {
    this.#ban(now, this.#entry(now, peer))
    this.onChange()
  }

  /** A peer's points as faded by now. */
  points(now: number, peer: PeerKey): number {
    const entry = this.#entries.get(peer)
    return entry == null ? 0 : this.#faded(now, entry)
  }

  /** When the ban ends, in milliseconds on the same clock; 0 when there is none. */
  bannedUntil(now: number, peer: PeerKey): number {
    const until = this.#entries.get(peer)?.bannedUntil ?? 0
    return until > now ? until : 0
  }

  /** All there is, the least recent offender first: at most `maxPeers` records. */
  export(now: number): LedgerRecord[] {
    return [...this.#entries].map(([peer, entry]) => ({
      peer,
      points: this.#faded(now, entry),
      bans: entry.bans,
      bannedFor: Math.max(0, entry.bannedUntil - now)
    }))
  }

  /**
   * Takes back what was kept. Of a peer that is known already, what weighs more stands.
   *
   * @param elapsed milliseconds since the export, by which points have faded and bans run
   */
  import(now: number, records: readonly LedgerRecord[], elapsed: number): void {
    const { halfLife, longestBan } = this.#init
    for (const { peer, points, bans, bannedFor } of records) {
      const entry = this.#entry(now, peer)
      const faded = Math.min(points, this.#init.banAt) * 2 ** (-elapsed / halfLife)
      const left = Math.min(bannedFor, longestBan) - elapsed
      entry.points = Math.max(this.#faded(now, entry), faded)
      entry.scoredAt = now
      entry.bans = Math.max(entry.bans, bans)
      if (left > 0) entry.bannedUntil = Math.max(entry.bannedUntil, now + left)
    }
  }

  #ban(now: number, entry: Entry): Verdict {
    const length = this.#init.firstBan * 2 ** entry.bans
    entry.bannedUntil = now + Math.min(length, this.#init.longestBan)
    entry.bans++
    this.bans++
    entry.points = 0
    return 'ban'
  }

  #faded(now: number, entry: Entry): number {
    return entry.points * 2 ** ((entry.scoredAt - now) / this.#init.halfLife)
  }

  #entry(now: number, peer: PeerKey): Entry {
    const known = this.#entries.get(peer)
    if (known != null) {
      // youngest again: the map's order is the order of eviction
      this.#entries.delete(peer)
      this.#entries.set(peer, known)
      return known
    }
    if (this.#entries.size >= this.#init.maxPeers) this.#evict(now)
    const entry = { points: 0, scoredAt: now, bans: 0, bannedUntil: 0 }
    this.#entries.set(peer, entry)
    return entry
  }

  /** The least recent offender goes; one still banned only when all are. */
  #evict(now: number): void {
    for (const [peer, entry] of this.#entries) {
      if (entry.bannedUntil <= now) {
        this.#entries.delete(peer)
        return
      }
    }
    this.#entries.delete(this.#entries.keys().next().value!)
  }
}
