import type { PeerKey } from '@peerage/wire'
import { limits } from '../../../limits.ts'

const { creditPeers, creditFrom, mostCredit } = limits.queue

const mebibyte = 2 ** 20

/** longest peer id in its text form, with room to spare */
const longestKey = 128

/** What we had from one peer and gave to it, in bytes. Plain data, to be kept between runs. */
export interface CreditRecord {
  peer: PeerKey
  /** verified bytes from it */
  got: number
  /** bytes to it */
  given: number
}

/**
 * What each peer has earned with us: eMule's pairwise credit. It follows the peer's key, which the
 * connection proves, and is our own count: what a peer says of itself buys it nothing, which is
 * what undid Kazaa's participation level.
 */
export class CreditBook {
  readonly #records = new Map<PeerKey, CreditRecord>()
  /** Called when there is something new to keep. */
  onChange: () => void = () => {}

  /** peers that are noted */
  get size(): number {
    return this.#records.size
  }

  /** Verified bytes came from this peer. */
  got(peer: PeerKey, bytes: number): void {
    this.#recordOf(peer).got += bytes
    this.onChange()
  }

  /** Bytes went to this peer. */
  gave(peer: PeerKey, bytes: number): void {
    this.#recordOf(peer).given += bytes
    this.onChange()
  }

  /** Too little came from this peer, as yet, to count for anything. */
  isNewcomer(peer: PeerKey): boolean {
    return (this.#records.get(peer)?.got ?? 0) < creditFrom
  }

  /** By how much its waiting counts more than a stranger's: 1 to 10. */
  factor(peer: PeerKey): number {
    const record = this.#records.get(peer)
    if (record == null || record.got < creditFrom) return 1
    const { got, given } = record
    const earned = Math.min((2 * got) / given, Math.sqrt(got / mebibyte + 2))
    return Math.min(mostCredit, Math.max(1, earned))
  }

  /** All there is, to be kept. */
  export(): CreditRecord[] {
    return [...this.#records.values()].map((record) => ({ ...record }))
  }

  /** Takes back what was kept; what makes no sense is left out. */
  import(records: readonly CreditRecord[]): void {
    for (const record of records) {
      if (!isCreditRecord(record)) continue
      const { peer, got, given } = record
      Object.assign(this.#recordOf(peer), { got, given })
    }
  }

  #recordOf(peer: PeerKey): CreditRecord {
    const known = this.#records.get(peer)
    if (known != null) return known
    if (this.#records.size >= creditPeers) this.#forgetOne()
    const record = { peer, got: 0, given: 0 }
    this.#records.set(peer, record)
    return record
  }

  /** Whoever gave least goes first: a crowd of new keys cannot push out those who gave. */
  #forgetOne(): void {
    let least: CreditRecord | undefined
    for (const record of this.#records.values()) {
      if (least == null || record.got < least.got) least = record
    }
    if (least != null) this.#records.delete(least.peer)
  }
}

/** Whether something that was kept is a record: it may be damaged, or of another program. */
export function isCreditRecord(value: unknown): value is CreditRecord {
  if (typeof value !== 'object' || value === null) return false
  const { peer, got, given } = value as Partial<Record<keyof CreditRecord, unknown>>
  if (typeof peer !== 'string' || peer.length === 0 || peer.length > longestKey) return false
  return isAmount(got) && isAmount(given)
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}
