import { serviceCapabilities, type Metrics, type PeerId, type Startable } from '@libp2p/interface'
import {
  createEndpoint,
  lengthPrefixed,
  secureRandom,
  systemClock,
  type Clock,
  type Endpoint,
  type EndpointComponents,
  type Random
} from '@peerage/wire'
import { toHex } from '../codec/text.ts'
import { trackerCodec } from './codec.ts'
import { limits } from './limits.ts'
import type { Counts, TrackerMessage } from './messages.ts'
import { TRACKER_PROTOCOL } from './protocol.ts'
import { Registry } from './registry.ts'

export interface TrackerInit {
  /**
   * How often peers should announce each torrent, in milliseconds; whoever is silent two and a half
   * times as long is forgotten.
   *
   * @default 900_000
   */
  interval?: number
  /** @default systemClock */
  clock?: Clock
  /** @default secureRandom */
  random?: Random
}

export interface TrackerComponents extends EndpointComponents {
  metrics?: Metrics
}

/** A tracker: it knows who takes part in which torrent, and nothing of what is in them. */
export interface Tracker extends Startable {
  /** How many take part in a torrent; undefined when none do. @param infoHash 20 bytes */
  countsOf(infoHash: Uint8Array): Counts | undefined
  /** torrents, peers, and peers in torrents */
  readonly size: { swarms: number; peers: number; entries: number }
}

/** A libp2p service that keeps a tracker on the node it runs in. */
export function tracker(init: TrackerInit = {}): (components: TrackerComponents) => Tracker {
  return (components) => new TrackerService(components, init)
}

class TrackerService implements Tracker {
  readonly [Symbol.toStringTag] = '@peerage/swarm/tracker'
  readonly [serviceCapabilities]: string[] = ['@peerage/swarm/tracker']
  readonly #clock: Clock
  readonly #registry: Registry
  readonly #endpoint: Endpoint<TrackerMessage>

  constructor(components: TrackerComponents, init: TrackerInit) {
    const { clock = systemClock, random = secureRandom, interval } = init
    this.#clock = clock
    this.#registry = new Registry({ random, ...(interval != null && { interval }) })
    this.#endpoint = createEndpoint(components, {
      protocol: TRACKER_PROTOCOL,
      framing: lengthPrefixed(trackerCodec, { maxFrame: limits.wire.frame }),
      // a peer that can be reached over a relay alone has to be found too
      limited: true,
      limits: { maxStreams: limits.wire.streams },
      clock,
      onRequest: (request, { peer }) => this.#answer(request, peer)
    })
    components.metrics?.registerMetricGroup('peerage_tracker', {
      label: 'count',
      calculate: () => ({ ...this.#registry.size })
    })
  }

  get size(): { swarms: number; peers: number; entries: number } {
    return this.#registry.size
  }

  countsOf(infoHash: Uint8Array): Counts | undefined {
    return this.#registry.countsOf(this.#clock.now(), toHex(infoHash))
  }

  async start(): Promise<void> {
    await this.#endpoint.start()
  }

  async stop(): Promise<void> {
    await this.#endpoint.stop()
  }

  /** Who asks, the connection proves: nobody can be announced or taken out by another. */
  #answer(request: TrackerMessage, peer: PeerId): TrackerMessage {
    const [now, key] = [this.#clock.now(), peer.toString()]
    if (request.type === 'announce') return this.#registry.announce(now, key, request)
    if (request.type === 'scrape') return this.#registry.scrape(now, key, request.infoHashes)
    return { type: 'refused', reason: 'that is an answer, not a question' }
  }
}
