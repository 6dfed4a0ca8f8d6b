import type { PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'
import { givers, type Assembled } from './assembly.ts'
import { Trust } from './trust.ts'

/** An offence found out, for the peer ledger. */
export interface Charge {
  peer: PeerKey
  offence: number
  reason: string
}

/** The charge for what no honest peer does: it is dropped for that. */
export function breach(peer: PeerKey, reason: string): Charge {
  return { peer, offence: limits.trust.breach, reason: `broke the protocol: ${reason}` }
}

/**
 * Who sent the bad block of a bad piece. One sender is guilty at once. Of several, all are suspects
 * until a good copy is here: whoever sent a block that differs from it lied (libtorrent's smart
 * ban; comparing the bytes themselves takes no hash of each block). Only proof is charged, for a
 * liar would have those it shared pieces with banned beside it. In version 2 it is the same: the
 * piece's root tells that a block is wrong, not which.
 */
export class Blame {
  /** bad pieces with several senders, the oldest first */
  readonly #suspects = new Map<number, Assembled>()
  readonly #trust = new Trust()
  #bytes = 0

  /** Whether a peer is to have pieces for itself alone. */
  onParole(peer: PeerKey): boolean {
    return this.#trust.onParole(peer)
  }

  /** The piece's hash was wrong. */
  failed(piece: number, assembled: Assembled): Charge[] {
    const peers = givers(assembled.senders)
    if (peers.length === 1) return [{ peer: peers[0]!, ...lie(piece) }]
    this.#keep(piece, assembled)
    for (const peer of peers) this.#trust.suspect(peer)
    return []
  }

  /** The piece's hash was right. */
  passed(piece: number, good: Assembled): Charge[] {
    const peers = givers(good.senders)
    for (const peer of peers) this.#trust.proved(peer, peers.length === 1)
    const bad = this.#suspects.get(piece)
    if (bad == null) return []
    this.#forget(piece)
    const liars = new Set<PeerKey>()
    bad.senders.forEach((peer, block) => {
      if (!liars.has(peer) && differ(bad.bytes, good.bytes, block)) liars.add(peer)
    })
    return [...liars].map((peer) => ({ peer, ...lie(piece) }))
  }

  #keep(piece: number, assembled: Assembled): void {
    this.#forget(piece)
    this.#suspects.set(piece, assembled)
    this.#bytes += assembled.bytes.byteLength
    for (const oldest of this.#suspects.keys()) {
      if (this.#bytes <= limits.trust.suspectBytes) break
      this.#forget(oldest)
    }
  }

  #forget(piece: number): void {
    this.#bytes -= this.#suspects.get(piece)?.bytes.byteLength ?? 0
    this.#suspects.delete(piece)
  }
}

function lie(piece: number): Omit<Charge, 'peer'> {
  return { offence: limits.trust.lie, reason: `sent wrong bytes for piece ${piece}` }
}

function differ(a: Uint8Array, b: Uint8Array, block: number): boolean {
  const end = Math.min(a.byteLength, (block + 1) * limits.wire.block)
  for (let i = block * limits.wire.block; i < end; i++) if (a[i] !== b[i]) return true
  return false
}
