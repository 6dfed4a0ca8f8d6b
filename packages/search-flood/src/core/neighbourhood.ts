import type { PeerKey, Random } from '@peerage/wire'
import type { ByeFrame, HelloFrame, PingFrame } from '../codec/frame.ts'
import { offences, type FloodLimits } from '../limits.ts'
import { Introductions } from './introductions.ts'
import type { Jobs } from './jobs.ts'
import { KnownPeers } from './known-peers.ts'
import type { Link, Links } from './links.ts'
import type { FloodEmit, Refusal } from './vocabulary.ts'

export interface NeighbourhoodInit {
  self: PeerKey
  links: Links
  jobs: Jobs
  random: Random
  limits: FloodLimits
  /** a link is gone for good */
  onGone: (link: Link) => void
}

/** Gets neighbours, keeps them, and names them to others: hello, ping, pong and bye. */
export class Neighbourhood {
  readonly #self: PeerKey
  readonly #links: Links
  readonly #introductions: Introductions
  readonly #random: Random
  readonly #limits: FloodLimits
  readonly #onGone: (link: Link) => void
  readonly #known: KnownPeers
  /** never more than `dialsAtOnce`, and candidates we are connected to */
  readonly #dialling = new Set<PeerKey>()
  #isLeaving = false
  #fillAt = Infinity
  #askAt = 0

  constructor(init: NeighbourhoodInit) {
    this.#self = init.self
    this.#links = init.links
    this.#introductions = new Introductions(init)
    this.#random = init.random
    this.#limits = init.limits
    this.#onGone = init.onGone
    this.#known = new KnownPeers(init.limits)
  }

  get wakeAt(): number {
    let at = this.#fillAt
    for (const link of this.#links) at = Math.min(at, this.#dueAt(link))
    return at
  }

  up(now: number, peer: PeerKey, emit: FloodEmit): void {
    this.#dialling.delete(peer)
    if (peer === this.#self || this.#isLeaving) {
      emit({ type: 'drop', peer, reason: 'not wanted' })
    } else if (this.#links.size >= this.#limits.maxNeighbours) {
      emit({ type: 'send', peer, frame: this.#bye('full', peer) })
      emit({ type: 'drop', peer, reason: 'no room for another neighbour' })
      this.#tellRefused(peer, 'us', 'full', emit)
    } else {
      const link = this.#links.add(now, peer)
      emit({ type: 'send', peer, frame: this.#hello(link) })
    }
  }

  down(now: number, peer: PeerKey, error: Error | undefined, emit: FloodEmit): void {
    const link = this.#links.get(peer)
    if (link != null) {
      this.#known.rest(peer, now + this.#limits.reconnectAfter)
      this.#lose(link, error?.message ?? 'the channel was closed', emit, 'nobody')
    } else if (this.#dialling.delete(peer)) {
      this.#known.rest(peer, now + this.#limits.redialAfter)
      this.#tellRefused(peer, 'us', error?.message ?? 'it could not be reached', emit)
    }
    this.#fill(now, emit)
  }

  hello(now: number, link: Link, frame: HelloFrame, emit: FloodEmit): void {
    if (!this.#mayGreet(now, link, emit)) return
    if (frame.record != null) this.#introductions.keep(link, frame.record, emit)
    this.#meet(now, link, frame.others, emit)
    if (link.isNeighbour) return
    link.isNeighbour = true
    this.#known.add(link.peer, link.peer)
    emit({ type: 'tell', news: { type: 'neighbour-up', peer: link.peer } })
    this.#fill(now, emit)
  }

  ping(now: number, link: Link, { want }: PingFrame, emit: FloodEmit): void {
    if (!this.#mayGreet(now, link, emit)) return
    const count = want > 0 && link.may.introduction.take(now) ? want : 0
    emit({
      type: 'send',
      peer: link.peer,
      frame: { type: 'pong', others: this.#introductions.others(link.peer, count) }
    })
  }

  pong(now: number, link: Link, others: readonly Uint8Array[], emit: FloodEmit): void {
    this.#meet(now, link, others, emit)
  }

  bye(now: number, link: Link, { reason, others }: ByeFrame, emit: FloodEmit): void {
    // one that names nobody else may be the only one we know
    const { redialAfter, reconnectAfter } = this.#limits
    this.#known.rest(link.peer, now + (others.length > 0 ? redialAfter : reconnectAfter))
    this.#lose(link, reason, emit, 'them')
    emit({ type: 'drop', peer: link.peer, reason: `it said bye: ${reason}` })
    this.#meet(now, link, others, emit)
    this.#fill(now, emit)
  }

  /**
   * Both sides of a connection learn of each other at once: the one that dialled opens the channel,
   * so that two do not cross.
   */
  candidate(now: number, peer: PeerKey, isOurs: boolean, emit: FloodEmit): void {
    if (peer === this.#self || this.#isLeaving) return
    this.#known.add(peer, peer)
    const isWanted = isOurs && this.#room() > 0 && this.#known.mayTry(now, peer)
    if (isWanted && !this.#isTaken(peer)) this.#dial(peer, emit)
    if (this.#lack() > 0) this.#fillAt = Math.min(this.#fillAt, now + this.#limits.fillEvery)
  }

  join(peer: PeerKey, emit: FloodEmit): void {
    if (this.#isLeaving || this.#isTaken(peer)) return
    if (peer === this.#self) this.#tellRefused(peer, 'us', 'it is this node itself', emit)
    else if (this.#room() <= 0) this.#tellRefused(peer, 'us', 'full', emit)
    else this.#dial(peer, emit)
  }

  setRecord(record: Uint8Array, emit: FloodEmit): void {
    this.#introductions.record = record
    for (const link of this.#links.neighbours()) {
      emit({ type: 'send', peer: link.peer, frame: this.#hello(link) })
    }
  }

  leave(emit: FloodEmit): void {
    this.#isLeaving = true
    this.#fillAt = Infinity
    for (const link of this.#links) {
      emit({ type: 'send', peer: link.peer, frame: this.#bye('leaving', link.peer) })
      emit({ type: 'drop', peer: link.peer, reason: 'leaving' })
      this.#lose(link, 'leaving', emit, 'us')
    }
  }

  wake(now: number, emit: FloodEmit): void {
    for (const link of this.#links) if (this.#dueAt(link) <= now) this.#attend(now, link, emit)
    if (this.#fillAt <= now) this.#fill(now, emit)
  }

  check(): void {
    if (this.#links.size > this.#limits.maxNeighbours) throw new Error('too many neighbours')
    if (this.#links.get(this.#self) != null) throw new Error('a node is its own neighbour')
    for (const peer of this.#dialling) {
      if (this.#links.get(peer) != null) throw new Error(`${peer} is dialled and linked`)
    }
  }

  /** When a silent link needs something done. */
  #dueAt(link: Link): number {
    if (!link.isNeighbour) return link.since + this.#limits.helloTimeout
    return Math.max(link.heardAt, link.pingedAt) + this.#limits.pingAfter
  }

  #attend(now: number, link: Link, emit: FloodEmit): void {
    if (link.isNeighbour && link.unanswered < 3) {
      this.#ping(now, link, 0, emit)
      return
    }
    const reason = link.isNeighbour ? 'silent' : 'no hello'
    this.#known.rest(link.peer, now + this.#limits.redialAfter)
    emit({ type: 'send', peer: link.peer, frame: this.#bye(reason, link.peer) })
    emit({ type: 'drop', peer: link.peer, reason })
    this.#lose(link, reason, emit, 'us')
    this.#fill(now, emit)
  }

  #lose(link: Link, reason: string, emit: FloodEmit, by: Refusal['by']): void {
    const { peer } = link
    this.#links.remove(link)
    this.#onGone(link)
    if (link.isNeighbour) emit({ type: 'tell', news: { type: 'neighbour-down', peer, reason } })
    else this.#tellRefused(peer, by, reason, emit)
  }

  #tellRefused(peer: PeerKey, by: Refusal['by'], reason: string, emit: FloodEmit): void {
    emit({ type: 'tell', news: { type: 'refused', peer, by, reason } })
  }

  /** Sees to it that there are enough neighbours: dials those it knows, else asks for others. */
  #fill(now: number, emit: FloodEmit): void {
    this.#fillAt = Infinity
    if (this.#isLeaving || this.#lack() <= 0) return
    this.#fillAt = now + this.#limits.fillEvery
    while (this.#lack() > 0 && this.#dialling.size < this.#limits.dialsAtOnce) {
      const peer = this.#known.pick(now, this.#random, (key) => this.#isTaken(key))
      if (peer == null) break
      this.#dial(peer, emit)
    }
    if (this.#lack() <= 0 || now < this.#askAt) return
    const neighbours = this.#links.neighbours()
    if (neighbours.length === 0) return
    this.#askAt = now + this.#limits.askEvery
    for (const link of neighbours) this.#ping(now, link, this.#limits.maxOthers, emit)
  }

  #dial(peer: PeerKey, emit: FloodEmit): void {
    this.#dialling.add(peer)
    emit({ type: 'dial', peer })
  }

  #ping(now: number, link: Link, want: number, emit: FloodEmit): void {
    link.pingedAt = now
    link.unanswered++
    emit({ type: 'send', peer: link.peer, frame: { type: 'ping', want } })
  }

  /** Gets to know those whom a neighbour names, while there is a use for them. */
  #meet(now: number, link: Link, others: readonly Uint8Array[], emit: FloodEmit): void {
    if (this.#isLeaving || this.#lack() <= 0) return
    this.#introductions.meet(now, link, others, emit, (then, peer, more) => {
      if (peer !== this.#self) this.#known.add(peer, link.peer)
      this.#fill(then, more)
    })
  }

  #mayGreet(now: number, link: Link, emit: FloodEmit): boolean {
    if (link.may.greeting.take(now)) return true
    const reason = 'it greets and pings too often'
    emit({ type: 'score', peer: link.peer, offence: offences.flooding, reason })
    return false
  }

  #hello(link: Link): HelloFrame {
    const degree = this.#links.neighbours().length
    const { record } = this.#introductions
    return { type: 'hello', degree, record, others: this.#introductions.others(link.peer) }
  }

  #bye(reason: string, to: PeerKey): ByeFrame {
    return { type: 'bye', reason, others: this.#introductions.others(to) }
  }

  #isTaken(peer: PeerKey): boolean {
    return this.#links.get(peer) != null || this.#dialling.has(peer)
  }

  #lack(): number {
    return this.#limits.minNeighbours - this.#links.size - this.#dialling.size
  }

  #room(): number {
    return this.#limits.maxNeighbours - this.#links.size - this.#dialling.size
  }
}
