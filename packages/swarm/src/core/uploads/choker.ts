import type { PeerKey, Random } from '@peerage/wire'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import { encodeQueueStatus } from '../../codec/queue-status.ts'
import { limits } from '../../limits.ts'
import type { Bitfield } from '../bitfield.ts'
import type { PeerState } from '../peer-state.ts'
import type { Picker } from '../picker/picker.ts'
import type { UploadPeer, UploadPolicy } from './policies/policy.ts'
import { reject, withdraw } from './reject.ts'
import type { Turn } from '../vocabulary.ts'

export interface ChokerInit {
  torrent: Torrent
  policy: UploadPolicy
  picker: Picker
  peers: ReadonlyMap<PeerKey, PeerState>
  random: Random
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/** Asks the policy whom to serve, round by round, and tells the peers. */
export class Choker {
  readonly #init: ChokerInit
  /** pieces shorter than others: the last one, in version 2 the last of each file */
  readonly #short: readonly number[]
  #roundAt = -Infinity

  constructor(init: ChokerInit) {
    const { torrent } = init
    this.#init = init
    this.#short = Array.from({ length: torrent.pieceCount }, (_, piece) => piece).filter(
      (piece) => torrent.pieceSize(piece) < torrent.pieceLength
    )
  }

  tick(turn: Turn): void {
    const { every = limits.uploads.round } = this.#init.policy
    if (turn.now - this.#roundAt >= every) this.#round(turn)
  }

  /** A peer has become interested, or a slot free: that need not wait for the next round. */
  changed(turn: Turn): void {
    let served = 0
    for (const peer of this.#init.peers.values()) if (peer.unchoked && peer.takes) served++
    if (served < this.#init.policy.slots) this.#round(turn)
  }

  chokeAll(turn: Turn): void {
    for (const peer of this.#init.peers.values()) this.#set(turn, peer, false)
  }

  #round(turn: Turn): void {
    this.#roundAt = turn.now
    const { picker, peers, policy, random } = this.#init
    const asking = [...peers.values()].map((peer) => this.#describe(turn.now, peer))
    const round = { now: turn.now, peers: asking, seeding: picker.left === 0, random }
    const served = policy.serve(round)
    for (const peer of peers.values()) this.#set(turn, peer, served.has(peer.key))
    this.#tellPlaces(turn)
  }

  /** Tells those who wait where they stand, when that has changed, but not all the time. */
  #tellPlaces(turn: Turn): void {
    const { peers, policy, send } = this.#init
    for (const [key, place] of policy.places?.(turn.now) ?? []) {
      const peer = peers.get(key)
      const id = peer?.extended?.queueId
      if (peer == null || id == null || peer.told?.position === place.position) continue
      if (turn.now - (peer.told?.at ?? -Infinity) < limits.queue.tell) continue
      peer.told = { position: place.position, at: turn.now }
      send(turn, peer, { type: 'extended', id, payload: encodeQueueStatus(place) })
    }
  }

  #set(turn: Turn, peer: PeerState, unchoked: boolean): void {
    if (peer.unchoked === unchoked) return
    peer.unchoked = unchoked
    peer.given = 0
    peer.refused = 0
    peer.told = undefined
    if (unchoked) peer.servedAt = turn.now
    const { send } = this.#init
    send(turn, peer, { type: unchoked ? 'unchoke' : 'choke' })
    reject(turn, peer, withdraw(peer), send)
  }

  #describe(now: number, peer: PeerState): UploadPeer {
    const { picker } = this.#init
    return {
      peer: peer.key,
      interested: peer.takes,
      snubbed: peer.window.snubbed,
      downRate: peer.gives.rate(now),
      upRate: peer.up.rate(now),
      since: peer.since,
      served: peer.unchoked,
      servedAt: peer.servedAt,
      turnBytes: peer.given,
      givenBytes: peer.up.total,
      hasBytes: this.#bytesIn(picker.piecesOf(peer.key))
    }
  }

  #bytesIn(pieces: Bitfield | undefined): number {
    if (pieces == null) return 0
    const { torrent } = this.#init
    let bytes = pieces.count * torrent.pieceLength
    for (const piece of this.#short) {
      if (pieces.has(piece)) bytes -= torrent.pieceLength - torrent.pieceSize(piece)
    }
    return bytes
  }
}
