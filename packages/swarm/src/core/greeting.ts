import { BoundedMap, type PeerKey } from '@peerage/wire'
import { sameBytes } from '../codec/bytes.ts'
import { ourReserved, speaksV2, type Handshake } from '../codec/handshake.ts'
import { limits } from '../limits.ts'
import { breach, type Charge } from './downloads/blame.ts'
import type { PeerState } from './peer-state.ts'

export interface GreetingInit {
  /** 20 bytes: version 1's, or version 2's, cut */
  infoHash: Uint8Array
  /** SHA-256 of the info dictionary, 32 bytes, of version 2 and of hybrids */
  infoHashV2?: Uint8Array | undefined
  /** our name, 20 bytes */
  peerId: Uint8Array
}

/** By which info-hash a torrent is called, and to which it answers: a hybrid has two (BEP 52). */
export class Greeting {
  readonly #peerId: Uint8Array
  #v1: Uint8Array | undefined
  #v2: Uint8Array | undefined
  /** peers that hung up on a hybrid's version 1 hash: they may know the other alone */
  readonly #calledByV2 = new BoundedMap<PeerKey, true>({ max: limits.peers.known })

  constructor(init: GreetingInit) {
    this.#peerId = init.peerId
    this.learn(init)
  }

  /** All hashes are known, as when a magnet's metadata has come. */
  learn({ infoHash, infoHashV2 }: Pick<GreetingInit, 'infoHash' | 'infoHashV2'>): void {
    this.#v2 = infoHashV2?.subarray(0, 20)
    this.#v1 = same(this.#v2, infoHash) ? undefined : infoHash
  }

  /** What we say first to a peer that we went to. */
  call(peer: PeerState): Handshake {
    const v1 = this.#calledByV2.has(peer.key) && this.#v2 ? undefined : this.#v1
    peer.called = v1 ?? this.#v2!
    return this.#handshake(peer.called)
  }

  /**
   * Hears a peer's handshake.
   *
   * @returns our answer to a peer that came to us; nothing to one that answers; its offence
   */
  hear(peer: PeerState, { infoHash, reserved }: Handshake): Handshake | Charge | undefined {
    const { called } = peer
    const known = same(this.#v1, infoHash) || same(this.#v2, infoHash)
    // whoever is called by version 1 and knows version 2 too may answer by that
    const fits = called == null || same(called, infoHash) || same(called, this.#v1)
    if (!known || !fits) return breach(peer.key, 'answered for another torrent than we asked for')
    const upgrade = called == null && speaksV2(reserved) ? this.#v2 : undefined
    const settled = upgrade ?? infoHash
    peer.v2 = same(this.#v2, settled)
    return called == null ? this.#handshake(settled) : undefined
  }

  left({ key, shaken, called }: PeerState): void {
    if (shaken || called == null) return
    if (same(called, this.#v1)) this.#calledByV2.set(key, true)
    else this.#calledByV2.delete(key)
  }

  #handshake(infoHash: Uint8Array): Handshake {
    const reserved = ourReserved({ hybrid: this.#v1 != null && this.#v2 != null })
    return { type: 'handshake', infoHash, peerId: this.#peerId, reserved }
  }
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && sameBytes(a, b)
}
