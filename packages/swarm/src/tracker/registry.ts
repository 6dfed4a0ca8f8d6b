import { BoundedMap, TokenBucket, type PeerKey, type Random } from '@peerage/wire'
import { toHex } from '../codec/text.ts'
import { limits } from './limits.ts'
import type { Announce, Announced, Counts, Refused, Scraped, TrackedPeer } from './messages.ts'

const bounds = limits.tracker

interface Peer {
  addresses: Uint8Array[]
  /** torrents it takes part in */
  swarms: number
}

/** One peer in one torrent. */
interface Member {
  readonly swarm: Swarm
  readonly peer: PeerKey
  /** it has everything */
  complete: boolean
  /** where it stands among the swarm's members */
  at: number
  expiresAt: number
}

interface Swarm {
  readonly id: string
  /** in no order, so that a few can be drawn at random without looking at all */
  readonly members: Member[]
  complete: number
  downloaded: number
}

export interface RegistryInit {
  random: Random
  /** milliseconds @default 900_000 */
  interval?: number
}

/** Who takes part in which torrent: what a tracker knows, and how little of it any peer can fill. */
export class Registry {
  readonly #random: Random
  readonly #interval: number
  readonly #swarms = new Map<string, Swarm>()
  readonly #peers = new Map<PeerKey, Peer>()
  /** by torrent and peer; heard of longest ago first */
  readonly #members = new Map<string, Member>()
  readonly #buckets = new BoundedMap<PeerKey, TokenBucket>({ max: bounds.peers })

  constructor(init: RegistryInit) {
    this.#random = init.random
    this.#interval = init.interval ?? bounds.interval
  }

  /** Torrents, peers, and peers in torrents. */
  get size(): { swarms: number; peers: number; entries: number } {
    const entries = this.#members.size
    return { swarms: this.#swarms.size, peers: this.#peers.size, entries }
  }

  announce(now: number, peer: PeerKey, announce: Announce): Announced | Refused {
    const refused = this.#admit(now, peer)
    if (refused != null) return refused
    const id = toHex(announce.infoHash)
    const key = `${id} ${peer}`
    if (announce.event === 'stopped') {
      const member = this.#members.get(key)
      if (member != null) this.#forget(key, member)
      return this.#answer(this.#swarms.get(id), [])
    }
    const member = this.#members.get(key) ?? this.#join(id, peer)
    if ('type' in member) return member
    this.#refresh(now, key, member, announce)
    return this.#answer(member.swarm, this.#draw(member, announce.want))
  }

  scrape(now: number, peer: PeerKey, infoHashes: readonly Uint8Array[]): Scraped | Refused {
    const refused = this.#admit(now, peer)
    if (refused != null) return refused
    const torrents = new Map<string, Counts>()
    for (const infoHash of infoHashes) {
      const counts = this.countsOf(now, toHex(infoHash))
      if (counts != null) torrents.set(toHex(infoHash), counts)
    }
    return { type: 'scraped', torrents }
  }

  /** @param id the info-hash in hexadecimal digits */
  countsOf(now: number, id: string): Counts | undefined {
    this.#expire(now)
    const swarm = this.#swarms.get(id)
    return swarm && { ...countsIn(swarm), downloaded: swarm.downloaded }
  }

  /** Throws when an invariant is broken. */
  check(): void {
    const swarms = [...this.#swarms.values()]
    const members = swarms.flatMap((swarm) => swarm.members)
    if (members.length !== this.#members.size) throw new Error('members are counted wrong')
    for (const { members: all, complete } of swarms) {
      if (all.length === 0) throw new Error('an empty swarm was kept')
      if (all.some((member, at) => member.at !== at)) throw new Error('a member is out of place')
      if (all.filter((m) => m.complete).length !== complete) throw new Error('seeds counted wrong')
    }
    for (const [key, { swarms: count }] of this.#peers) {
      const lives = members.filter((member) => member.peer === key).length
      if (lives !== count || lives === 0) throw new Error('a peer is counted wrong')
    }
  }

  #admit(now: number, peer: PeerKey): Refused | undefined {
    this.#expire(now)
    const { burst: capacity, perSecond } = bounds
    const bucket = this.#buckets.get(peer) ?? new TokenBucket({ capacity, perSecond })
    this.#buckets.set(peer, bucket)
    return bucket.take(now) ? undefined : refuse('you ask too often: wait a minute')
  }

  #join(id: string, peer: PeerKey): Member | Refused {
    const known = this.#peers.get(peer)
    if ((known?.swarms ?? 0) >= bounds.swarmsPerPeer) {
      return refuse(`you take part in ${bounds.swarmsPerPeer} torrents here: leave one first`)
    }
    const swarm = this.#swarms.get(id)
    if (swarm != null && swarm.members.length >= bounds.peersPerSwarm) this.#makeRoom(swarm)
    // those who are here keep their place: a crowd of strangers must not drive them out
    const full =
      this.#members.size >= bounds.entries ||
      (known == null && this.#peers.size >= bounds.peers) ||
      (swarm == null && this.#swarms.size >= bounds.swarms)
    if (full) return refuse('this tracker is full: ask another')
    return this.#enter(swarm ?? { id, members: [], complete: 0, downloaded: 0 }, peer)
  }

  #enter(swarm: Swarm, peer: PeerKey): Member {
    const member = { swarm, peer, complete: false, at: swarm.members.length, expiresAt: 0 }
    swarm.members.push(member)
    this.#swarms.set(swarm.id, swarm)
    const known = this.#peers.get(peer)
    if (known == null) this.#peers.set(peer, { addresses: [], swarms: 1 })
    else known.swarms++
    return member
  }

  /** The peer is here, and so far: the youngest of all from now on. */
  #refresh(now: number, key: string, member: Member, announce: Announce): void {
    const complete = announce.left === 0
    if (complete !== member.complete) member.swarm.complete += complete ? 1 : -1
    // said once for each peer, however often it says so
    if (announce.event === 'completed' && complete && !member.complete) member.swarm.downloaded++
    member.complete = complete
    member.expiresAt = now + this.#interval * bounds.intervalsKept
    this.#peers.get(member.peer)!.addresses = announce.addresses.map((bytes) => bytes.slice())
    this.#members.delete(key)
    this.#members.set(key, member)
  }

  #draw(asking: Member, want: number): TrackedPeer[] {
    const { members } = asking.swarm
    const drawn: TrackedPeer[] = []
    for (let i = 0; i < members.length && drawn.length < want; i++) {
      swap(members, i, i + this.#random.below(members.length - i))
      const { peer, complete } = members[i]!
      // a seed has nothing to give to another
      if (members[i] === asking || (complete && asking.complete)) continue
      const { addresses } = this.#peers.get(peer)!
      if (addresses.length > 0) drawn.push({ id: peer, addresses })
    }
    return drawn
  }

  #answer(swarm: Swarm | undefined, peers: TrackedPeer[]): Announced {
    const counts = swarm == null ? { complete: 0, incomplete: 0 } : countsIn(swarm)
    return { type: 'announced', interval: this.#interval, ...counts, peers }
  }

  /** All are kept equally long, so whoever was heard of longest ago goes first. */
  #expire(now: number): void {
    for (const [key, member] of this.#members) {
      if (member.expiresAt > now) return
      this.#forget(key, member)
    }
  }

  #makeRoom(swarm: Swarm): void {
    const oldest = swarm.members.reduce((a, b) => (b.expiresAt < a.expiresAt ? b : a))
    this.#forget(`${swarm.id} ${oldest.peer}`, oldest)
  }

  #forget(key: string, member: Member): void {
    const { swarm } = member
    this.#members.delete(key)
    swap(swarm.members, member.at, swarm.members.length - 1)
    swarm.members.pop()
    if (member.complete) swarm.complete--
    if (swarm.members.length === 0) this.#swarms.delete(swarm.id)
    const peer = this.#peers.get(member.peer)!
    if (--peer.swarms === 0) this.#peers.delete(member.peer)
  }
}

function swap(members: Member[], i: number, j: number): void {
  const [a, b] = [members[i]!, members[j]!]
  members[i] = b
  members[j] = a
  b.at = i
  a.at = j
}

function countsIn({ members, complete }: Swarm): { complete: number; incomplete: number } {
  return { complete, incomplete: members.length - complete }
}

function refuse(reason: string): Refused {
  return { type: 'refused', reason }
}
