import { WireError, type PeerKey } from '@peerage/wire'
import { decodePex, encodePex } from '../../codec/peer-exchange.ts'
import { limits } from '../../limits.ts'
import { breach, type Charge } from '../downloads/blame.ts'
import type { Jobs } from '../jobs.ts'
import type { PeerState } from '../peer-state.ts'
import type { Sharing } from '../sharing.ts'
import type { TorrentResult, Turn } from '../vocabulary.ts'

const { peers: most, every, soonest, retry, taken, bytes: room } = limits.pex

export interface PeerExchangeInit {
  peers: ReadonlyMap<PeerKey, PeerState>
  jobs: Jobs
  /** undefined while the torrent is not known */
  sharing: () => Sharing | undefined
  /** more peers are of use */
  wanting: () => boolean
  /** these peers are in the swarm, and can be dialled */
  met: (turn: Turn, peers: readonly PeerKey[]) => void
  send: (turn: Turn, peer: PeerState, payload: Uint8Array) => void
}

/** Peers tell each other of peers, by records those have signed, under BEP 11's rules. */
export class PeerExchange {
  readonly #init: PeerExchangeInit

  constructor(init: PeerExchangeInit) {
    this.#init = init
  }

  /** False once a torrent turns out private: its peers come from its trackers only (BEP 27). */
  get allowed(): boolean {
    return this.#init.sharing()?.torrent.private !== true
  }

  /** Tells every peer that wants to know who is new and who has gone. */
  tick(turn: Turn): void {
    const sharing = this.#init.sharing()
    // whether a magnet is private is not known yet
    if (sharing == null || sharing.torrent.private) return
    for (const peer of this.#init.peers.values()) {
      if (peer.extended?.pexId && turn.now >= peer.pex.nextAt) this.#tell(turn, sharing, peer)
    }
  }

  /** A peer tells. @returns its offence, if there is one */
  message(turn: Turn, peer: PeerState, payload: Uint8Array): Charge | undefined {
    const message = decodePex(payload)
    if (message instanceof WireError) return breach(peer.key, message.message)
    const { pex, key } = peer
    const early = turn.now - pex.heardAt < soonest
    pex.heardAt = turn.now
    if (early)
      return { peer: key, offence: limits.trust.unasked, reason: 'tells of peers too often' }
    const records = message.added.slice(0, taken - pex.taken)
    if (!this.allowed || !this.#init.wanting() || records.length === 0) return undefined
    pex.taken += records.length
    this.#init.jobs.start(turn, { type: 'open-records', records }, (later, result) => {
      this.#opened(later, key, result)
    })
    return undefined
  }

  #opened(turn: Turn, peer: PeerKey, result: TorrentResult): void {
    if (result.type !== 'opened-records') return
    if (result.forged) {
      turn.emit({ type: 'score', ...breach(peer, 'told of a peer by a record it has not signed') })
    }
    this.#init.met(turn, result.peers)
  }

  #tell(turn: Turn, sharing: Sharing, to: PeerState): void {
    const { peers, jobs } = this.#init
    const { told } = to.pex
    const dropped = [...told].filter((key) => !peers.has(key)).slice(0, most)
    const news = [...peers.values()].filter(
      (peer) => peer !== to && peer.shaken && !told.has(peer.key) && isOfUse(sharing, peer, to)
    )
    if (news.length === 0 && dropped.length === 0) return
    to.pex.nextAt = turn.now + every
    if (news.length === 0) return this.#send(turn, to, { records: [], dropped })
    // whom we reached, others will reach
    news.sort((a, b) => Number(b.called != null) - Number(a.called != null))
    const keys = news.slice(0, most).map(({ key }) => key)
    jobs.start(turn, { type: 'find-records', peers: keys }, (later, result) => {
      const records = result.type === 'found-records' ? result.records : []
      if (peers.get(to.key) === to) this.#send(later, to, { records, dropped })
    })
  }

  #send(
    turn: Turn,
    to: PeerState,
    news: { records: readonly (readonly [PeerKey, Uint8Array])[]; dropped: readonly PeerKey[] }
  ): void {
    const added: Uint8Array[] = []
    let length = 0
    for (const [key, record] of news.records) {
      if (!this.#init.peers.has(key) || length + record.length > room) continue
      length += record.length
      added.push(record)
      to.pex.told.add(key)
    }
    for (const key of news.dropped) to.pex.told.delete(key)
    // libp2p may not have heard yet where a new peer is
    if (added.length === 0 && news.dropped.length === 0) to.pex.nextAt = turn.now + retry
    else this.#init.send(turn, to, encodePex({ added, dropped: news.dropped }))
  }
}

/** Two peers that want nothing have nothing to say to each other. */
function isOfUse(sharing: Sharing, peer: PeerState, to: PeerState): boolean {
  return !sharing.isIdle(peer) || !sharing.isIdle(to)
}
