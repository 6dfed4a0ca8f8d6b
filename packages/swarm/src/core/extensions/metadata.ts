import type { PeerKey } from '@peerage/wire'
import type { MetadataMessage } from '../../codec/extended.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import { limits } from '../../limits.ts'
import type { Charge } from '../downloads/blame.ts'
import type { Control } from '../control.ts'
import type { Jobs } from '../jobs.ts'
import type { PeerState } from '../peer-state.ts'
import type { Layers, TorrentResult, Turn } from '../vocabulary.ts'

const { piece: pieceSize, requests, attempts, timeout } = limits.metadata

/** One peer giving us the whole info dictionary. */
interface Attempt {
  peer: PeerState
  /** bytes, as the peer's handshake says */
  size: number
  pieces: (Uint8Array | undefined)[]
  /** pieces that have come */
  here: number
  /** first piece not yet asked for */
  next: number
  heardAt: number
}

export interface MetadataFetchInit {
  jobs: Jobs
  control: Control
  send: (turn: Turn, peer: PeerState, message: MetadataMessage) => void
  adopted: (turn: Turn, result: TorrentResult & { type: 'adopted' }) => void
  /** the info dictionary is right, and has piece layers to it: `adopt` it again when they are here */
  layerless: (turn: Turn, torrent: Torrent) => void
}

/**
 * Gets a magnet's info dictionary from peers (BEP 9). Each attempt asks one peer for all of it, so
 * a wrong hash has one sender; a few attempts run side by side. Nothing is set aside for a size that
 * is only claimed.
 */
export class MetadataFetch {
  readonly #init: MetadataFetchInit
  readonly #attempts = new Map<PeerKey, Attempt>()
  /** peers that rejected, went silent or sent something wrong, and until when they are not asked */
  readonly #passedOver = new Map<PeerKey, number>()
  #checking = false
  #settled = false

  constructor(init: MetadataFetchInit) {
    this.#init = init
  }

  /** Asks this peer, if it has the metadata and there is need. */
  offer(turn: Turn, peer: PeerState): void {
    const { metadataId, metadataSize } = peer.extended ?? {}
    const { paused } = this.#init.control
    const full = paused || this.#checking || this.#settled || this.#attempts.size >= attempts
    if (full || metadataId == null || metadataSize == null) return
    if (this.#attempts.has(peer.key) || turn.now < (this.#passedOver.get(peer.key) ?? 0)) return
    const attempt: Attempt = {
      peer,
      size: metadataSize,
      pieces: [],
      here: 0,
      next: 0,
      heardAt: turn.now
    }
    this.#attempts.set(peer.key, attempt)
    for (let i = 0; i < requests; i++) this.#ask(turn, attempt)
  }

  /** Asks nobody any more; what comes late is not read. */
  pause(): void {
    this.#attempts.clear()
  }

  left(peer: PeerState): void {
    this.#attempts.delete(peer.key)
    this.#passedOver.delete(peer.key)
  }

  tick(turn: Turn): void {
    for (const attempt of this.#attempts.values()) {
      if (!whole(attempt) && turn.now - attempt.heardAt >= timeout) this.#giveUp(turn, attempt.peer)
    }
  }

  rejected(turn: Turn, peer: PeerState): void {
    if (this.#attempts.has(peer.key)) this.#giveUp(turn, peer)
  }

  /** A piece has come. @returns the peer's offence, if there is one */
  data(
    turn: Turn,
    peer: PeerState,
    { piece, size, bytes }: MetadataMessage & { type: 'data' }
  ): Charge | undefined {
    const attempt = this.#attempts.get(peer.key)
    // late, after we gave up on it or had it from another
    if (attempt == null) return undefined
    const expected = Math.min(pieceSize, attempt.size - piece * pieceSize)
    const asked = piece < attempt.next && attempt.pieces[piece] == null
    if (size !== attempt.size || bytes.byteLength !== expected || !asked) {
      this.#giveUp(turn, peer)
      const reason = 'sent a piece of metadata that does not fit what it announced'
      return { peer: peer.key, offence: limits.trust.breach, reason }
    }
    attempt.pieces[piece] = bytes.slice()
    attempt.here++
    attempt.heardAt = turn.now
    if (whole(attempt)) this.#check(turn)
    else this.#ask(turn, attempt)
    return undefined
  }

  /** Takes up the torrent of an info dictionary that is known to be right. */
  adopt(turn: Turn, info: Uint8Array, layers: Layers | 'none'): void {
    this.#init.jobs.start(turn, { type: 'adopt', info, layers }, (later, result) => {
      this.#settle(later, result)
    })
  }

  #ask(turn: Turn, attempt: Attempt): void {
    if (attempt.next * pieceSize >= attempt.size) return
    this.#init.send(turn, attempt.peer, { type: 'request', piece: attempt.next++ })
  }

  #giveUp(turn: Turn, peer: PeerState): void {
    this.#attempts.delete(peer.key)
    this.#passedOver.set(peer.key, turn.now + timeout)
  }

  /** Has one whole attempt checked; others that come meanwhile wait, in case it is wrong. */
  #check(turn: Turn): void {
    const attempt = [...this.#attempts.values()].find(whole)
    if (this.#checking || attempt == null) return
    this.#checking = true
    this.#giveUp(turn, attempt.peer)
    const info = new Uint8Array(attempt.size)
    attempt.pieces.forEach((bytes, piece) => {
      info.set(bytes!, piece * pieceSize)
    })
    this.#init.jobs.start(turn, { type: 'adopt', info }, (later, result) => {
      this.#checking = false
      this.#checked(later, attempt.peer, result)
    })
  }

  #checked(turn: Turn, { key: peer }: PeerState, result: TorrentResult): void {
    if (result.type !== 'corrupt') return this.#settle(turn, result)
    const reason = 'sent metadata that is not this torrent’s'
    turn.emit({ type: 'score', peer, offence: limits.trust.lie, reason })
    this.#check(turn)
  }

  /** The metadata is right, whatever has become of it. */
  #settle(turn: Turn, result: TorrentResult): void {
    this.#attempts.clear()
    this.#settled = true
    if (result.type === 'adopted') return this.#init.adopted(turn, result)
    if (result.type === 'layerless') return this.#init.layerless(turn, result.torrent)
    // this torrent cannot be had: no other peer will change that
    const error = 'error' in result ? result.error : new Error(result.type)
    turn.emit({ type: 'tell', news: { type: 'hopeless', error } })
  }
}

function whole(attempt: Attempt): boolean {
  return attempt.here * pieceSize >= attempt.size
}

/** What to answer to a request for metadata. */
export function giveMetadata(
  peer: PeerState,
  torrent: Torrent | undefined,
  piece: number
): MetadataMessage {
  const size = torrent?.info.byteLength ?? 0
  const most = limits.metadata.copies * Math.ceil(size / pieceSize)
  if (torrent == null || piece * pieceSize >= size || peer.metadataGiven >= most) {
    return { type: 'reject', piece }
  }
  peer.metadataGiven++
  const bytes = torrent.info.subarray(piece * pieceSize, (piece + 1) * pieceSize)
  return { type: 'data', piece, size, bytes }
}
