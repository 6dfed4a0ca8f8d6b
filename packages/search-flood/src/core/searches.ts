import { TokenBucket, type PeerKey, type Random } from '@peerage/wire'
import type { HitsFrame, QueryFrame } from '../codec/frame.ts'
import { offences, type FloodLimits } from '../limits.ts'
import type { FloodCounts } from './counts.ts'
import type { Jobs } from './jobs.ts'
import type { Link } from './links.ts'
import type { FloodAsk, FloodEmit, FloodResult, SearchEndReason } from './vocabulary.ts'

type SearchAsk = Extract<FloodAsk, { type: 'search' }>
type Verified = Extract<FloodResult, { type: 'verified' }>

export interface SearchesInit {
  self: PeerKey
  jobs: Jobs
  random: Random
  limits: FloodLimits
  counts: FloodCounts
  /** sends a query out; returns how many neighbours it went to */
  start: (now: number, frame: QueryFrame, emit: FloodEmit) => number
}

/** One search of the local user. */
interface Search {
  readonly ask: SearchAsk
  readonly id: Uint8Array
  readonly endsAt: number
  /** neighbours it went to; `undefined` while it waits for its turn */
  sent: number | undefined
  hits: number
  rejected: number
  /** items each responder gave; never more responders than hits, nor more hits than the limit */
  readonly responders: Map<PeerKey, Set<string>>
}

/** The searches of the local user: sent, answered, checked, ended. */
export class Searches {
  readonly #init: SearchesInit
  /** by query id in hexadecimal; never more than `limits.searches` */
  readonly #open = new Map<string, Search>()
  readonly #pace: TokenBucket
  #nextTryAt = Infinity

  constructor(init: SearchesInit) {
    this.#init = init
    const { searchBurst, searchRate } = init.limits
    this.#pace = new TokenBucket({ capacity: searchBurst, perSecond: searchRate })
  }

  get wakeAt(): number {
    let at = this.#nextTryAt
    for (const { endsAt } of this.#open.values()) at = Math.min(at, endsAt)
    return at
  }

  search(now: number, ask: SearchAsk, emit: FloodEmit): void {
    const { random, limits } = this.#init
    const search: Search = {
      ask,
      id: random.bytes(limits.idLength),
      endsAt: now + ask.timeout,
      sent: undefined,
      hits: 0,
      rejected: 0,
      responders: new Map()
    }
    if (this.#open.size >= limits.searches) {
      this.#tellEnd(search, 'too many searches', emit)
      return
    }
    this.#open.set(hex(search.id), search)
    this.#startWaiting(now, emit)
  }

  cancel(run: number, emit: FloodEmit): void {
    for (const search of this.#open.values()) {
      if (search.ask.run === run) this.#end(search, 'cancelled', emit)
    }
  }

  wake(now: number, emit: FloodEmit): void {
    for (const search of this.#open.values()) {
      if (search.endsAt <= now) this.#end(search, 'timeout', emit)
    }
    if (this.#nextTryAt <= now) this.#startWaiting(now, emit)
  }

  /** A hit came back to where its query began: have its signature checked. */
  hits(_now: number, link: Link, frame: HitsFrame, emit: FloodEmit): void {
    const search = this.#open.get(hex(frame.queryId))
    if (search == null) return
    const { queryId, envelope } = frame
    this.#init.jobs.start({ type: 'verify', queryId, envelope }, emit, (_then, result, more) => {
      if (this.#open.get(hex(queryId)) !== search) return
      if (result.type === 'verified') this.#accept(search, link, frame.hops + 1, result, more)
      else if (result.type === 'failed') this.#reject(search, link, frame.hops, result.reason, more)
    })
  }

  check(): void {
    for (const { ask, hits, responders } of this.#open.values()) {
      if (hits > ask.limit) throw new Error(`a search for ${ask.limit} hits gave ${hits}`)
      if (responders.size > hits) throw new Error('a search counts responders without hits')
    }
  }

  /** Our own pace keeps below what neighbours put up with; who is over it waits for its turn. */
  #startWaiting(now: number, emit: FloodEmit): void {
    this.#nextTryAt = Infinity
    for (const search of this.#open.values()) {
      if (search.sent != null) continue
      if (!this.#pace.take(now)) {
        this.#nextTryAt = now + 1000 / this.#init.limits.searchRate
        return
      }
      const { query, ttl } = search.ask
      const frame: QueryFrame = { type: 'query', id: search.id, ttl, hops: 0, query }
      search.sent = this.#init.start(now, frame, emit)
      if (search.sent === 0) this.#end(search, 'no neighbours', emit)
    }
  }

  #accept(search: Search, link: Link, hops: number, result: Verified, emit: FloodEmit): void {
    const { responder, addresses } = result
    if (responder === this.#init.self) return
    const seen = search.responders.get(responder) ?? new Set()
    for (const item of result.items) {
      // one responder's share, however many batches it sends
      if (seen.has(item.id) || seen.size >= this.#init.limits.maxItems) continue
      seen.add(item.id)
      search.responders.set(responder, seen)
      search.hits++
      const hit = { item, responder, addresses, hops, via: link.peer }
      emit({ type: 'tell', news: { type: 'hit', run: search.ask.run, hit } })
      if (search.hits < search.ask.limit) continue
      this.#end(search, 'limit', emit)
      return
    }
  }

  #reject(search: Search, { peer }: Link, hops: number, reason: string, emit: FloodEmit): void {
    search.rejected++
    this.#init.counts.hitsRejected++
    // relays do not open what they pass back: whoever sits behind one must not cost us the link to it
    const offence = hops === 0 ? offences.forgery : offences.relayedForgery
    emit({ type: 'score', peer, offence, reason })
  }

  #end(search: Search, reason: SearchEndReason, emit: FloodEmit): void {
    this.#open.delete(hex(search.id))
    this.#tellEnd(search, reason, emit)
  }

  #tellEnd(
    { ask, sent, hits, rejected, responders }: Search,
    reason: SearchEndReason,
    emit: FloodEmit
  ): void {
    const end = { reason, sent: sent ?? 0, hits, responders: responders.size, rejected }
    emit({ type: 'tell', news: { type: 'end', run: ask.run, end } })
  }
}

function hex(id: Uint8Array): string {
  let text = ''
  for (const byte of id) text += byte.toString(16).padStart(2, '0')
  return text
}
