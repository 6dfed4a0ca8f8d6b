import type { PeerKey } from '@peerage/wire'
import { limits } from '../../../limits.ts'
import type { CreditBook } from './credit.ts'
import type { QueuePlace } from '../../../codec/queue-status.ts'

const { entries, grace, idle, newcomerEvery, turnBytes, turnTime } = limits.queue

/** One peer that wants something of one torrent. */
export interface DeskEntry {
  peer: PeerKey
  torrent: object
  /** the torrent is so small that it goes through the quick lane */
  quick: boolean
  /** since when it has waited, in milliseconds */
  since: number
  /** since when it is served; undefined while it waits */
  servedAt: number | undefined
  /** bytes it has had in this turn */
  bytes: number
  /** when it last took something in this turn */
  tookAt: number
  /** when it went away; it keeps its place for a while */
  goneAt: number | undefined
}

export interface UploadDeskInit {
  slots: number
  perPeer: number
  credit: CreditBook
}

/**
 * Where all torrents of a node hand in who wants something: so many slots, one queue in front of
 * them, and a lane of its own for small torrents, so that a film does not keep a text waiting.
 */
export class UploadDesk {
  readonly #init: UploadDeskInit
  readonly #entries: DeskEntry[] = []
  #grants = 0
  /** how long a turn takes, smoothed, in milliseconds */
  #turn: number | undefined

  constructor(init: UploadDeskInit) {
    this.#init = init
  }

  /** Takes down who wants something of a torrent now, and forgets who does no more. */
  attend(now: number, torrent: object, quick: boolean, asking: readonly PeerKey[]): void {
    const here = new Set(asking)
    for (const entry of this.#of(torrent)) {
      if (here.delete(entry.peer)) entry.goneAt = undefined
      else this.#left(now, entry)
    }
    for (const peer of here) {
      if (this.#entries.length >= entries) return
      this.#entries.push({
        peer,
        torrent,
        quick,
        since: now,
        servedAt: undefined,
        bytes: 0,
        tookAt: now,
        goneAt: undefined
      })
    }
  }

  /** Ends turns that are over, gives out the slots that are free. */
  allot(now: number): void {
    for (const entry of this.#entries.filter((one) => this.#isOver(now, one))) {
      this.#endTurn(now, entry)
    }
    for (let next = this.#next(now, true); next != null; next = this.#next(now, true)) {
      begin(now, next)
    }
    for (let next = this.#next(now, false); next != null; next = this.#next(now, false)) {
      this.#grants++
      begin(now, next)
    }
  }

  /** Who of a torrent is served now. */
  served(torrent: object): Set<PeerKey> {
    const served = this.#of(torrent).filter((entry) => entry.servedAt != null)
    return new Set(served.map(({ peer }) => peer))
  }

  gave(torrent: object, peer: PeerKey, bytes: number, now: number): void {
    const entry = this.#of(torrent).find((one) => one.peer === peer)
    if (entry == null) return
    entry.bytes += bytes
    entry.tookAt = now
  }

  /** Who waits, whoever is next first: the quick lane and the queue one after the other. */
  waiting(now: number): DeskEntry[] {
    return [...this.#lane(now, true), ...this.#lane(now, false)]
  }

  /** Where a torrent's peers stand, each in its own lane. */
  places(now: number, torrent: object): Map<PeerKey, QueuePlace> {
    const places = new Map<PeerKey, QueuePlace>()
    for (const quick of [true, false]) {
      const lane = this.#lane(now, quick)
      lane.forEach((entry, i) => {
        if (entry.torrent !== torrent) return
        const wait = quick ? undefined : this.#estimate(i + 1)
        places.set(entry.peer, { position: i + 1, length: lane.length, wait })
      })
    }
    return places
  }

  #of(torrent: object): DeskEntry[] {
    return this.#entries.filter((entry) => entry.torrent === torrent)
  }

  /** Whoever was being served is done; who waited keeps its place for a while (a lost connection). */
  #left(now: number, entry: DeskEntry): void {
    entry.goneAt ??= now
    if (entry.servedAt != null) this.#noteTurn(now, entry.servedAt)
    else if (now - entry.goneAt < grace) return
    this.#entries.splice(this.#entries.indexOf(entry), 1)
  }

  #isOver(now: number, entry: DeskEntry): boolean {
    if (entry.servedAt == null) return false
    if (now - entry.tookAt >= idle) return true
    const had = entry.bytes >= turnBytes || now - entry.servedAt >= turnTime
    return had && this.#lane(now, entry.quick).length > 0
  }

  /** To the end of the queue. */
  #endTurn(now: number, entry: DeskEntry): void {
    if (entry.servedAt != null) this.#noteTurn(now, entry.servedAt)
    this.#entries.splice(this.#entries.indexOf(entry), 1)
    this.#entries.push({ ...entry, servedAt: undefined, since: now })
  }

  #noteTurn(now: number, servedAt: number): void {
    const took = now - servedAt
    this.#turn = this.#turn == null ? took : this.#turn + (took - this.#turn) / 8
  }

  #estimate(position: number): number | undefined {
    return this.#turn == null ? undefined : (position * this.#turn) / this.#init.slots
  }

  #next(now: number, quick: boolean): DeskEntry | undefined {
    const { slots, perPeer } = this.#init
    const served = this.#entries.filter((entry) => entry.servedAt != null)
    const taken = served.filter((entry) => entry.quick === quick).length
    if (taken >= (quick ? 1 : slots)) return undefined
    const mayBegin = (entry: DeskEntry): boolean =>
      served.filter(({ peer }) => peer === entry.peer).length < perPeer
    return this.#lane(now, quick).find(mayBegin)
  }

  /** Who waits in one lane, whoever is next first. */
  #lane(now: number, quick: boolean): DeskEntry[] {
    const { credit } = this.#init
    const lane = this.#entries.filter(
      (entry) => entry.quick === quick && entry.servedAt == null && entry.goneAt == null
    )
    if (quick) return lane.sort((a, b) => a.since - b.since)
    const score = (entry: DeskEntry): number => (now - entry.since) * credit.factor(entry.peer)
    lane.sort((a, b) => score(b) - score(a) || a.since - b.since)
    if (this.#grants % newcomerEvery !== newcomerEvery - 1) return lane
    const newcomers = lane.filter(({ peer }) => credit.isNewcomer(peer))
    const first = newcomers.reduce<DeskEntry | undefined>(
      (oldest, entry) => (oldest == null || entry.since < oldest.since ? entry : oldest),
      undefined
    )
    return first == null ? lane : [first, ...lane.filter((entry) => entry !== first)]
  }
}

function begin(now: number, entry: DeskEntry): void {
  entry.servedAt = now
  entry.tookAt = now
  entry.bytes = 0
}
