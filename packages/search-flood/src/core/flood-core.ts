import type { Item, Query } from '@peerage/catalog'
import type { Core, PeerKey, Random } from '@peerage/wire'
import type { FloodFrame } from '../codec/frame.ts'
import { limits as defaults, offences, type FloodLimits } from '../limits.ts'
import { noCounts, type FloodCounts } from './counts.ts'
import { Jobs } from './jobs.ts'
import { Links, type Link } from './links.ts'
import { Neighbourhood } from './neighbourhood.ts'
import { Router } from './router.ts'
import { Searches } from './searches.ts'
import { flood, type Strategy } from './strategy.ts'
import type { FloodAsk, FloodEmit, FloodInput, FloodVocabulary } from './vocabulary.ts'

export interface FloodCoreInit {
  self: PeerKey
  random: Random
  /** what this node shares that answers a query; must not throw */
  match: (query: Query) => Item[]
  /** @default flood */
  strategy?: Strategy
  limits?: Partial<FloodLimits>
}

/** One node of the flood: its neighbours, the queries that pass, and its own searches. */
export class FloodCore implements Core<FloodVocabulary> {
  readonly #counts = noCounts()
  readonly #links: Links
  readonly #jobs: Jobs
  readonly #neighbourhood: Neighbourhood
  readonly #router: Router
  readonly #searches: Searches

  constructor({ self, random, match, strategy = flood, limits: given }: FloodCoreInit) {
    const limits = { ...defaults, ...given }
    const counts = this.#counts
    const links = new Links(limits)
    const jobs = new Jobs(limits.jobs)
    this.#links = links
    this.#jobs = jobs
    this.#router = new Router({
      links,
      jobs,
      limits,
      counts,
      strategy,
      match,
      seed: random.u32(),
      onOwnHit: (...hit) => this.#searches.hits(...hit)
    })
    this.#searches = new Searches({
      self,
      jobs,
      random,
      limits,
      counts,
      start: (...query) => this.#router.start(...query)
    })
    this.#neighbourhood = new Neighbourhood({
      self,
      links,
      jobs,
      random,
      limits,
      onGone: (link) => this.#router.forget(link)
    })
  }

  /** what this node has done and refused so far */
  get counts(): Readonly<FloodCounts> {
    return this.#counts
  }

  /** bytes of the route table, the largest thing peers can make a node keep */
  get bytes(): number {
    return this.#router.bytes
  }

  /** peers that have said hello */
  get neighbours(): PeerKey[] {
    return this.#links.neighbours().map(({ peer }) => peer)
  }

  get wakeAt(): number {
    return Math.min(this.#neighbourhood.wakeAt, this.#searches.wakeAt)
  }

  handle(now: number, input: FloodInput, emit: FloodEmit): void {
    switch (input.type) {
      case 'up':
        return this.#neighbourhood.up(now, input.peer, emit)
      case 'down':
        return this.#neighbourhood.down(now, input.peer, input.error, emit)
      case 'frame':
        return this.#frame(now, input.peer, input.frame, emit)
      case 'slow':
      case 'ready':
        return this.#setSlow(input.peer, input.type === 'slow')
      case 'done':
        return this.#jobs.done(now, input.job, input.result, emit)
      case 'ask':
        return this.#ask(now, input.ask, emit)
      case 'wake':
        this.#neighbourhood.wake(now, emit)
        return this.#searches.wake(now, emit)
    }
  }

  check(): void {
    this.#links.check()
    this.#neighbourhood.check()
    this.#router.check()
    this.#searches.check()
  }

  #frame(now: number, peer: PeerKey, frame: FloodFrame, emit: FloodEmit): void {
    const link = this.#links.get(peer)
    // what was under way when we said goodbye
    if (link == null) return
    link.heardAt = now
    link.unanswered = 0
    if (!link.isNeighbour && frame.type !== 'hello' && frame.type !== 'bye') {
      const reason = `its first frame is a ${frame.type}, not a hello`
      emit({ type: 'score', peer, offence: offences.outOfTurn, reason })
      return
    }
    this.#neighbourFrame(now, link, frame, emit)
  }

  #neighbourFrame(now: number, link: Link, frame: FloodFrame, emit: FloodEmit): void {
    switch (frame.type) {
      case 'hello':
        return this.#neighbourhood.hello(now, link, frame, emit)
      case 'ping':
        return this.#neighbourhood.ping(now, link, frame, emit)
      case 'pong':
        return this.#neighbourhood.pong(now, link, frame.others, emit)
      case 'bye':
        return this.#neighbourhood.bye(now, link, frame, emit)
      case 'query':
        return this.#router.query(now, link, frame, emit)
      case 'hits':
        return this.#router.hits(now, link, frame, emit)
    }
  }

  #ask(now: number, ask: FloodAsk, emit: FloodEmit): void {
    switch (ask.type) {
      case 'search':
        return this.#searches.search(now, ask, emit)
      case 'cancel':
        return this.#searches.cancel(ask.run, emit)
      case 'candidate':
        return this.#neighbourhood.candidate(now, ask.peer, ask.isOurs, emit)
      case 'join':
        return this.#neighbourhood.join(ask.peer, emit)
      case 'record':
        return this.#neighbourhood.setRecord(ask.record, emit)
      case 'leave':
        return this.#neighbourhood.leave(emit)
    }
  }

  #setSlow(peer: PeerKey, isSlow: boolean): void {
    const link = this.#links.get(peer)
    if (link != null) link.isSlow = isSlow
  }
}
