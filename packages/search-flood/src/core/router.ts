import type { Item, Query } from '@peerage/catalog'
import type { HitsFrame, QueryFrame } from '../codec/frame.ts'
import { sendable } from '../codec/hit-record.ts'
import { offences, type FloodLimits } from '../limits.ts'
import type { FloodCounts } from './counts.ts'
import type { Jobs } from './jobs.ts'
import type { Link, Links } from './links.ts'
import { cameFrom, markSent, RouteTable, SELF, wasSent, type Route } from './route-table.ts'
import type { QueryHistory, Strategy } from './strategy.ts'
import type { FloodEmit } from './vocabulary.ts'

export interface RouterInit {
  links: Links
  jobs: Jobs
  limits: FloodLimits
  counts: FloodCounts
  strategy: Strategy
  /** what this node shares that answers a query */
  match: (query: Query) => Item[]
  /** seeds the route table */
  seed: number
  /** a hit for a search of our own, its signature not checked yet */
  onOwnHit: (now: number, link: Link, frame: HitsFrame, emit: FloodEmit) => void
}

/** Passes queries on and hits back. */
export class Router {
  readonly #init: RouterInit
  readonly #routes: RouteTable
  /** how often a query was about to leave a second time: an error of ours, never a peer's */
  #twice = 0

  constructor(init: RouterInit) {
    this.#init = init
    const { routes, routeGeneration } = init.limits
    this.#routes = new RouteTable({ max: routes, generation: routeGeneration, seed: init.seed })
  }

  /** bytes of the route table */
  get bytes(): number {
    return this.#routes.bytes
  }

  /** Starts a query of our own. @returns how many neighbours it went to */
  start(now: number, frame: QueryFrame, emit: FloodEmit): number {
    const route = this.#routes.add(now, frame.id, SELF)
    return this.#send(route, frame, undefined, emit)
  }

  /** Cheap tests first: shape was the decoder's, then rate, duplicate, and only then any work. */
  query(now: number, link: Link, frame: QueryFrame, emit: FloodEmit): void {
    const { counts } = this.#init
    if (!this.#mayQuery(now, link, frame, emit)) return
    const trimmed = this.#trim(link, frame, emit)
    if (trimmed.ttl < 1) return
    const known = this.#routes.find(frame.id)
    if (known != null) {
      counts.duplicates++
      // one that comes around a ring is nobody's fault; twice from the same neighbour is
      if (cameFrom(known) !== link.number) return
      const reason = 'it sent a query twice'
      emit({ type: 'score', peer: link.peer, offence: offences.repeatedQuery, reason })
      return
    }
    counts.queries++
    const route = this.#routes.add(now, frame.id, link.number)
    const { id, ttl, hops, query } = trimmed
    emit({ type: 'tell', news: { type: 'query-seen', id, from: link.peer, ttl, hops, query } })
    const passedOn = { ...trimmed, ttl: ttl - 1, hops: hops + 1 }
    if (passedOn.ttl > 0) this.#send(route, passedOn, link, emit)
    this.#answer(link, trimmed, emit)
  }

  hits(now: number, link: Link, frame: HitsFrame, emit: FloodEmit): void {
    if (!link.may.hits.take(now)) {
      // nobody's fault: a common word has many answers
      this.#init.counts.overRate++
      return
    }
    const route = this.#routes.find(frame.queryId)
    if (route == null || !wasSent(route, link.number)) this.#stray(link, emit)
    else if (frame.hops >= this.#init.limits.maxTtl) this.#overHorizon(link, emit)
    else if (cameFrom(route) === SELF) this.#init.onOwnHit(now, link, frame, emit)
    else this.#passBack(link, this.#init.links.at(cameFrom(route)), frame, emit)
  }

  /** A link is gone: nothing comes back on it any more. */
  forget(link: Link): void {
    this.#routes.forget(link.number)
  }

  check(): void {
    this.#routes.check()
    if (this.#twice > 0) throw new Error('a query left this node twice')
  }

  #mayQuery(now: number, link: Link, frame: QueryFrame, emit: FloodEmit): boolean {
    const isItsOwn = frame.hops === 0
    const bucket = isItsOwn ? link.may.ownQuery : link.may.relayedQuery
    if (bucket.take(now)) return true
    this.#init.counts.overRate++
    // a relay is not to blame for what others send through it
    if (isItsOwn) {
      const reason = 'it searches too often'
      emit({ type: 'score', peer: link.peer, offence: offences.flooding, reason })
    }
    return false
  }

  /** hops + TTL may not be more than the limit; every honest node trims before it sends. */
  #trim(link: Link, frame: QueryFrame, emit: FloodEmit): QueryFrame {
    const { maxTtl } = this.#init.limits
    if (frame.ttl > 0 && frame.hops + frame.ttl <= maxTtl) return frame
    this.#overHorizon(link, emit)
    return { ...frame, ttl: Math.min(frame.ttl, maxTtl - frame.hops) }
  }

  #overHorizon(link: Link, emit: FloodEmit): void {
    const reason = 'its TTL and hops are out of bounds'
    emit({ type: 'score', peer: link.peer, offence: offences.overHorizon, reason })
  }

  /** Sends a query to whom the strategy names, and to nobody twice. @returns how many those are */
  #send(route: Route, frame: QueryFrame, from: Link | undefined, emit: FloodEmit): number {
    const { links, strategy, counts } = this.#init
    if (wasSent(route)) this.#twice++
    const { id, ttl, hops, query } = frame
    const history: QueryHistory = { from: from?.peer, ttl, hops }
    const neighbours = links.neighbours().filter(({ isSlow }) => !isSlow)
    const names = neighbours.map(({ peer }) => peer)
    const to = strategy.next(query, names, history).filter((peer) => {
      const link = links.get(peer)
      if (link == null || link === from || !neighbours.includes(link)) return false
      if (wasSent(route, link.number)) return false
      markSent(route, link.number)
      emit({ type: 'send', peer, frame })
      return true
    })
    counts.forwarded += to.length
    if (to.length > 0) emit({ type: 'tell', news: { type: 'query-forwarded', id, to, ttl, hops } })
    return to.length
  }

  #answer(link: Link, { id, query }: QueryFrame, emit: FloodEmit): void {
    const { jobs, links, counts, match, limits } = this.#init
    const max = Math.min(query.limit ?? limits.maxItems, limits.maxItems)
    const items = max > 0 ? sendable(match({ ...query, limit: max }), max) : []
    if (items.length === 0) return
    jobs.start({ type: 'sign', queryId: id, items }, emit, (_now, result, more) => {
      // the neighbour may have gone while we signed
      if (result.type !== 'signed' || links.get(link.peer) !== link) return
      counts.answered++
      const { envelope } = result
      const frame: HitsFrame = { type: 'hits', queryId: id, hops: 0, envelope }
      more({ type: 'send', peer: link.peer, frame })
      const news = { type: 'query-answered', id, to: link.peer, items: items.length } as const
      more({ type: 'tell', news })
    })
  }

  #stray(link: Link, emit: FloodEmit): void {
    this.#init.counts.strayHits++
    const reason = 'it sent a hit for a query it was not sent'
    emit({ type: 'score', peer: link.peer, offence: offences.strayHit, reason })
  }

  #passBack(from: Link, to: Link | undefined, frame: HitsFrame, emit: FloodEmit): void {
    const { counts } = this.#init
    if (to == null) {
      counts.hitsLost++
      return
    }
    counts.hitsRouted++
    const hops = frame.hops + 1
    emit({ type: 'send', peer: to.peer, frame: { ...frame, hops } })
    const news = { id: frame.queryId, from: from.peer, to: to.peer, hops }
    emit({ type: 'tell', news: { type: 'hit-routed', ...news } })
  }
}
