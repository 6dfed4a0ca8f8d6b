import type { AbortOptions, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import {
  createEndpoint,
  lengthPrefixed,
  systemClock,
  type Clock,
  type Endpoint,
  type EndpointComponents
} from '@peerage/wire'
import { toHex } from '../codec/text.ts'
import { trackerCodec } from './codec.ts'
import { TrackerError } from './errors.ts'
import { limits } from './limits.ts'
import type {
  Announced,
  AnnounceEvent,
  Counts,
  TrackedPeer,
  TrackerMessage,
  TrackerRequest
} from './messages.ts'
import { TRACKER_PROTOCOL } from './protocol.ts'

export interface TrackerClientComponents extends EndpointComponents {
  peerId: PeerId
  addressManager: { getAddresses(): Multiaddr[] }
}

/** Where a tracker is: peer id, address, or several addresses of one. */
export type TrackerAddress = PeerId | Multiaddr | Multiaddr[]

export interface AnnounceInit {
  /** 20 bytes */
  infoHash: Uint8Array
  /** @default none: the torrent still takes part */
  event?: AnnounceEvent
  /** bytes that are lacking @default not known */
  left?: number
  /** peers to be told of @default 50 */
  want?: number
}

/** Who else takes part, and when to announce again. */
export interface AnnounceResult extends Omit<Announced, 'type' | 'peers'> {
  /** addresses by peer; each ends in `/p2p/<id>` */
  peers: Multiaddr[][]
}

/** Speaks to trackers. Use it alone, or let `trackers` announce what a swarm takes part in. */
export class TrackerClient {
  readonly #components: TrackerClientComponents
  readonly #endpoint: Endpoint<TrackerMessage>

  constructor(components: TrackerClientComponents, init: { clock?: Clock } = {}) {
    this.#components = components
    this.#endpoint = createEndpoint(components, {
      protocol: TRACKER_PROTOCOL,
      framing: lengthPrefixed(trackerCodec, { maxFrame: limits.wire.frame }),
      limited: true,
      limits: { maxStreams: limits.wire.streams, requestTimeout: limits.client.timeout },
      clock: init.clock ?? systemClock
    })
  }

  /**
   * Says that this node takes part in a torrent, at the addresses it has now, and asks who else does.
   *
   * @throws {TrackerError} the tracker refuses, or answers nonsense
   * @throws {DeadlineError} and what a dial throws: it cannot be reached
   */
  async announce(
    tracker: TrackerAddress,
    init: AnnounceInit,
    options: AbortOptions = {}
  ): Promise<AnnounceResult> {
    const { want = limits.client.want, ...what } = init
    const addresses = this.#addresses()
    const request: TrackerRequest = { type: 'announce', want, addresses, ...what }
    const answer = await this.#ask(tracker, request, 'announced', options)
    const { interval, complete, incomplete } = answer
    const peers = answer.peers.map(reachable).filter((peer) => peer.length > 0)
    return { interval, complete, incomplete, peers }
  }

  /**
   * Asks how many take part in torrents.
   *
   * @param infoHashes at most 64
   * @returns counts by info-hash in hexadecimal digits; torrents unknown there are left out
   * @throws as `announce` does
   */
  async scrape(
    tracker: TrackerAddress,
    infoHashes: readonly Uint8Array[],
    options: AbortOptions = {}
  ): Promise<Map<string, Counts>> {
    if (infoHashes.length > limits.wire.scrape) {
      throw new RangeError(`ask for at most ${limits.wire.scrape} torrents at once`)
    }
    const request: TrackerRequest = { type: 'scrape', infoHashes: [...infoHashes] }
    const { torrents } = await this.#ask(tracker, request, 'scraped', options)
    const asked = new Set(infoHashes.map(toHex))
    return new Map([...torrents].filter(([hash]) => asked.has(hash)))
  }

  async #ask<Type extends 'announced' | 'scraped'>(
    tracker: TrackerAddress,
    request: TrackerRequest,
    type: Type,
    options: AbortOptions
  ): Promise<TrackerMessage & { type: Type }> {
    const answer = await this.#endpoint.request(tracker, request, options)
    if (answer.type === 'refused') throw new TrackerError(`the tracker says: ${answer.reason}`)
    if (answer.type === type) return answer as TrackerMessage & { type: Type }
    throw new TrackerError('the tracker answered another question than it was asked')
  }

  /** Ours, without our id: the connection says it. */
  #addresses(): Uint8Array[] {
    const { addressManager, peerId } = this.#components
    const us = `/p2p/${peerId.toString()}`
    return addressManager
      .getAddresses()
      .map((address) => (address.toString().endsWith(us) ? address.decapsulate(us) : address).bytes)
      .filter(({ length }) => length > 0 && length <= limits.wire.address)
      .slice(0, limits.wire.addresses)
  }
}

/** None for a peer whose id is none. */
function reachable({ id, addresses }: TrackedPeer): Multiaddr[] {
  try {
    peerIdFromString(id)
    return addresses.map((bytes) => multiaddr(bytes).encapsulate(`/p2p/${id}`))
  } catch {
    return []
  }
}
