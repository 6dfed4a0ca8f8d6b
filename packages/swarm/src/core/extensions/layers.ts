import { sha256 } from '@noble/hashes/sha2.js'
import type { PeerKey } from '@peerage/wire'
import { binaryString } from '../../codec/bytes.ts'
import type { HashSpan } from '../../codec/hash-span.ts'
import { isProven, layerSpans, type LayerSpan } from '../../codec/layer-spans.ts'
import { hashLength } from '../../codec/merkle.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import { limits } from '../../limits.ts'
import type { Charge } from '../downloads/blame.ts'
import type { Control } from '../control.ts'
import type { PeerState } from '../peer-state.ts'
import type { Layers, Turn } from '../vocabulary.ts'

const { requests, timeout, patience } = limits.hashes

/** A peer that is asked, or has been. */
interface Giver {
  peer: PeerState
  /** what it is to answer, by {@link keyOf} */
  open: Map<string, LayerSpan>
  /** answers it owes and nobody waits for any more */
  late: number
  heardAt: number
  restsUntil: number
}

export interface LayerFetchInit {
  /** without its piece layers; a hybrid goes on without when they do not come in time */
  torrent: Torrent
  control: Control
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
  complete: (turn: Turn, layers: Layers | 'none') => void
}

/**
 * Gets the piece layers that a version 2 magnet's info dictionary lacks (BEP 52). Every span comes
 * with its proof, so whoever sends a wrong one has lied alone; all peers are asked side by side, and
 * a span is asked of one of them at a time.
 */
export class LayerFetch {
  readonly #init: LayerFetchInit
  readonly #since: number
  readonly #givers = new Map<PeerKey, Giver>()
  /** spans that were asked for in vain; the rest of the torrent's are still to be drawn */
  readonly #again: LayerSpan[] = []
  readonly #spans: Iterator<LayerSpan, undefined>
  #layers: Record<string, Uint8Array> = {}
  #complete = false

  constructor(now: number, init: LayerFetchInit) {
    this.#since = now
    this.#init = init
    this.#spans = layerSpans(init.torrent)
  }

  /** Asks this peer, if there is need. */
  offer(turn: Turn, peer: PeerState): void {
    if (!peer.v2 || this.#complete || this.#init.control.paused) return
    const giver = this.#giverOf(peer)
    if (turn.now < giver.restsUntil) return
    if (giver.open.size === 0) giver.heardAt = turn.now
    while (giver.open.size < requests) {
      const span = this.#again.pop() ?? this.#spans.next().value
      if (span === undefined) return
      giver.open.set(keyOf(span), span)
      this.#init.send(turn, peer, { type: 'hash-request', ...span })
    }
  }

  /** Asks nobody any more; what comes late is not read. */
  pause(): void {
    for (const giver of this.#givers.values()) this.#takeBack(giver)
  }

  left(peer: PeerState): void {
    const giver = this.#givers.get(peer.key)
    if (giver != null) this.#takeBack(giver)
    this.#givers.delete(peer.key)
  }

  tick(turn: Turn): void {
    for (const giver of this.#givers.values()) {
      const silent = giver.open.size > 0 && turn.now - giver.heardAt >= timeout
      if (silent) this.#rest(turn, giver)
    }
    const late = this.#init.torrent.verifiable && turn.now - this.#since >= patience
    if (!late || this.#complete) return
    this.pause()
    this.#end(turn, 'none')
  }

  /** Hashes have come. @returns the peer's offence, if there is one */
  hashes(
    turn: Turn,
    peer: PeerState,
    answer: HashSpan & { hashes: Uint8Array }
  ): Charge | undefined {
    const giver = this.#giverOf(peer)
    const span = this.#answered(turn, giver, answer)
    if (span === undefined) return this.#unasked(giver)
    if (!isProven(span, answer.hashes, sha256)) {
      this.#again.push(span)
      this.#rest(turn, giver)
      const reason = 'sent hashes that are not this torrent’s'
      return { peer: peer.key, offence: limits.trust.lie, reason }
    }
    this.#keep(span, answer.hashes)
    this.offer(turn, peer)
    this.#finish(turn)
    return undefined
  }

  /** The peer does not have them. @returns its offence, if there is one */
  rejected(turn: Turn, peer: PeerState, rejected: HashSpan): Charge | undefined {
    const giver = this.#giverOf(peer)
    const span = this.#answered(turn, giver, rejected)
    if (span === undefined) return this.#unasked(giver)
    this.#again.push(span)
    this.#rest(turn, giver)
    return undefined
  }

  #giverOf(peer: PeerState): Giver {
    let giver = this.#givers.get(peer.key)
    if (giver == null) {
      giver = { peer, open: new Map(), late: 0, heardAt: 0, restsUntil: -Infinity }
      this.#givers.set(peer.key, giver)
    }
    return giver
  }

  #answered(turn: Turn, giver: Giver, answer: HashSpan): LayerSpan | undefined {
    const key = keyOf(answer)
    const span = giver.open.get(key)
    if (span === undefined) return undefined
    giver.open.delete(key)
    giver.heardAt = turn.now
    return span
  }

  #unasked(giver: Giver): Charge | undefined {
    if (giver.late > 0) {
      giver.late--
      return undefined
    }
    const reason = 'answered a request for hashes that was not made'
    return { peer: giver.peer.key, offence: limits.trust.unasked, reason }
  }

  /** Others get what this peer does not answer. */
  #rest(turn: Turn, giver: Giver): void {
    giver.restsUntil = turn.now + timeout
    this.#takeBack(giver)
    for (const { peer } of this.#givers.values()) this.offer(turn, peer)
  }

  #takeBack(giver: Giver): void {
    this.#again.push(...giver.open.values())
    giver.late += giver.open.size
    giver.open.clear()
  }

  #keep({ root, index, count, of }: LayerSpan, hashes: Uint8Array): void {
    const layer = (this.#layers[binaryString(root)] ??= new Uint8Array(of * hashLength))
    layer.set(hashes.subarray(0, count * hashLength), index * hashLength)
  }

  #finish(turn: Turn): void {
    if (this.#again.length > 0) return
    for (const { open } of this.#givers.values()) if (open.size > 0) return
    const more = this.#spans.next().value
    if (more !== undefined) return void this.#again.push(more)
    this.#end(turn, this.#layers)
  }

  #end(turn: Turn, layers: Layers | 'none'): void {
    this.#complete = true
    this.#layers = {}
    this.#init.complete(turn, layers)
  }
}

function keyOf({ root, base, index, length, proofs }: HashSpan): string {
  return `${binaryString(root)} ${base} ${index} ${length} ${proofs}`
}
