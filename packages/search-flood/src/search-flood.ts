import { KEEP_ALIVE, NotStartedError } from '@libp2p/interface'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Item, Query } from '@peerage/catalog'
import {
  asError,
  createEndpoint,
  Driver,
  lengthPrefixed,
  PeerLedger,
  secureRandom,
  systemClock,
  type Clock,
  type Endpoint
} from '@peerage/wire'
import { TypedEventEmitter } from 'main-event'
import { floodCodec } from './codec/flood-codec.ts'
import type { FloodFrame } from './codec/frame.ts'
import type { FloodCounts } from './core/counts.ts'
import { FloodCore } from './core/flood-core.ts'
import type { FloodNews, FloodVocabulary } from './core/vocabulary.ts'
import { eventDetail, eventName, toHit } from './events.ts'
import { doFloodWork, sealOwnRecord } from './flood-work.ts'
import type {
  SearchFlood,
  SearchFloodComponents,
  SearchFloodEvents,
  SearchFloodInit,
  SearchOptions,
  SearchRun
} from './api.ts'
import { degrees, inRange } from './in-range.ts'
import { Joiner } from './join.ts'
import { limits } from './limits.ts'
import { searchAsk } from './search-ask.ts'
import { HitStream } from './search-run.ts'

/** the wire protocol of this version */
const PROTOCOL = '/peerage/flood/1.0.0'

const TAG = `${KEEP_ALIVE}-peerage-flood`

/** Binds the core to a libp2p node. */
export class FloodService extends TypedEventEmitter<SearchFloodEvents> implements SearchFlood {
  readonly #components: SearchFloodComponents
  readonly #init: SearchFloodInit
  readonly #log: Logger
  readonly #clock: Clock
  readonly #ledger = new PeerLedger()
  readonly #endpoint: Endpoint<FloodFrame>
  readonly #joiner: Joiner
  readonly #searches = new Map<number, HitStream>()
  /** what was begun and not waited for; `stop` waits for it */
  readonly #pending = new Set<Promise<void>>()
  readonly #ttl: number
  #core: FloodCore
  #driver: Driver<FloodVocabulary> | undefined
  #stopping = new AbortController()
  #lastRun = 0
  #announced = ''

  constructor(components: SearchFloodComponents, init: SearchFloodInit) {
    super()
    const { connectionManager } = components
    this.#components = components
    this.#init = init
    this.#log = components.logger.forComponent('peerage:search-flood')
    this.#clock = init.clock ?? systemClock
    this.#ttl = inRange('ttl', init.ttl ?? limits.maxTtl, { least: 1, most: limits.maxTtl })
    this.#core = this.#createCore()
    this.#endpoint = createEndpoint(components, {
      protocol: PROTOCOL,
      framing: lengthPrefixed(floodCodec, { maxFrame: limits.maxFrame }),
      limited: init.limited ?? false,
      clock: this.#clock,
      ledger: this.#ledger,
      onChannel: (channel) => this.#running().attach(channel),
      onPeer: (peer) => {
        const isOurs = connectionManager
          .getConnections(peer)
          .some(({ direction }) => direction === 'outbound')
        this.#driver?.ask({ type: 'candidate', peer: peer.toString(), isOurs })
      }
    })
    this.#joiner = new Joiner({
      connect: async (target, options) =>
        (await connectionManager.openConnection(target, options)).remotePeer,
      propose: (peer) => this.#running().ask({ type: 'join', peer }),
      isNeighbour: (peer) => this.#core.neighbours.includes(peer),
      clock: this.#clock
    })
    components.metrics?.registerMetricGroup('peerage_search_flood_total', {
      label: 'what',
      calculate: () => ({ ...this.#core.counts })
    })
  }

  get neighbours(): PeerId[] {
    return this.#core.neighbours.map((peer) => peerIdFromString(peer))
  }

  get counts(): Readonly<FloodCounts> {
    return this.#core.counts
  }

  async start(): Promise<void> {
    if (this.#driver != null) return
    this.#stopping = new AbortController()
    // a core that has left stays away
    this.#core = this.#createCore()
    this.#announced = ''
    this.#driver = new Driver<FloodVocabulary>({
      core: this.#core,
      self: this.#components.peerId.toString(),
      clock: this.#clock,
      ledger: this.#ledger,
      log: this.#log,
      work: (work, signal) => doFloodWork(this.#components, work, signal),
      failed: (error) => ({ type: 'failed', reason: error.message }),
      tell: (news) => this.#tell(news),
      dial: (peer, signal) => this.#endpoint.open(peerIdFromString(peer), { signal })
    })
    await this.#endpoint.start()
  }

  /** Listening addresses are known from here on. */
  afterStart(): void {
    this.#components.events.addEventListener('self:peer:update', this.#announce)
    this.#announce()
  }

  /** Says goodbye while there are connections to say it on. */
  async beforeStop(): Promise<void> {
    const driver = this.#driver
    if (driver == null) return
    this.#components.events.removeEventListener('self:peer:update', this.#announce)
    this.#stopping.abort()
    for (const run of this.#searches.keys()) driver.ask({ type: 'cancel', run })
    driver.ask({ type: 'leave' })
    this.#driver = undefined
    this.#joiner.stop()
    await driver.stop()
    await this.#endpoint.stop()
    await Promise.all(this.#pending)
  }

  async stop(): Promise<void> {
    await this.beforeStop()
  }

  search(words: string | Query, options: SearchOptions = {}): SearchRun {
    const driver = this.#running()
    const run = ++this.#lastRun
    const ask = searchAsk(run, words, { ...options, ttl: options.ttl ?? this.#ttl })
    const { signal } = options
    const cancel = (): void => driver.ask({ type: 'cancel', run })
    const hits = new HitStream(cancel)
    this.#searches.set(run, hits)
    void hits.ended.then(() => signal?.removeEventListener('abort', cancel))
    driver.ask(ask)
    if (signal?.aborted === true) cancel()
    else signal?.addEventListener('abort', cancel)
    return hits
  }

  async join(
    targets: ReadonlyArray<PeerId | Multiaddr>,
    options: AbortOptions = {}
  ): Promise<void> {
    this.#running()
    await this.#joiner.join(targets, options)
  }

  #createCore(): FloodCore {
    const { random, strategy, limits: given } = this.#init
    return new FloodCore({
      self: this.#components.peerId.toString(),
      random: random ?? secureRandom,
      match: (query) => this.#match(query),
      ...(strategy != null && { strategy }),
      limits: { ...given, ...degrees(this.#init) }
    })
  }

  #running(): Driver<FloodVocabulary> {
    if (this.#driver != null) return this.#driver
    throw new NotStartedError('the search is not running: start the node first')
  }

  #match(query: Query): Item[] {
    try {
      const { match, catalog } = this.#init
      return match?.(query) ?? catalog?.query(query) ?? []
    } catch (reason) {
      this.#log.error('matching a query failed - %e', asError(reason))
      return []
    }
  }

  #tell(news: FloodNews): void {
    if (news.type === 'hit') this.#searches.get(news.run)?.push(toHit(news.hit))
    else if (news.type === 'end') {
      this.#searches.get(news.run)?.finish(news.end)
      this.#searches.delete(news.run)
    } else if (news.type === 'neighbour-up') this.#tag(news.peer, { value: 50 })
    else if (news.type === 'neighbour-down') this.#tag(news.peer, undefined)
    this.#joiner.news(news)
    const name = eventName(news)
    if (name == null || this.listenerCount(name) === 0) return
    const detail = eventDetail(news)
    this.safeDispatchEvent(name, { detail })
  }

  /** Keeps the connection manager from pruning a neighbour, until it is none any more. */
  #tag(peer: string, tag: { value: number } | undefined): void {
    const { peerStore } = this.#components
    this.#own(peerStore.merge(peerIdFromString(peer), { tags: { [TAG]: tag } }))
  }

  /** Has the neighbours know, and pass on, where we can be reached. */
  readonly #announce = (): void => {
    const addresses = this.#components.addressManager.getAddresses().join()
    if (addresses === this.#announced) return
    this.#announced = addresses
    const { signal } = this.#stopping
    const sealed = sealOwnRecord(this.#components, signal).then((record) => {
      if (record != null) this.#driver?.ask({ type: 'record', record })
    })
    this.#own(sealed)
  }

  /** A promise without an owner would end the process. */
  #own(promise: Promise<unknown>): void {
    const owned = promise
      .then(
        () => {},
        (reason: unknown) => {
          if (!this.#stopping.signal.aborted) this.#log.error('%e', asError(reason))
        }
      )
      .finally(() => this.#pending.delete(owned))
    this.#pending.add(owned)
  }
}
