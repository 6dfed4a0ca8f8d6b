import { serviceCapabilities, type Logger, type PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  createEndpoint,
  DeadlineError,
  PeerLedger,
  secureRandom,
  systemClock,
  type Channel,
  type Clock,
  type Endpoint
} from '@peerage/wire'
import type {
  AddOptions,
  FollowTorrent,
  PeerAddress,
  RateLimits,
  SeedOptions,
  Swarm,
  SwarmComponents,
  SwarmInit,
  Transfer
} from './api.ts'
import { readId, swarmHashes } from './codec/content-id.ts'
import { selectedBy } from './control/selection.ts'
import { parseMagnet, type Magnet } from './codec/magnet.ts'
import { parseTorrent, type Torrent } from './codec/metainfo.ts'
import { peerWire, type PeerMessage } from './codec/peer-wire.ts'
import { toHex } from './codec/text.ts'
import { RateLimit } from './core/rate-limit.ts'
import { openSources } from './discovery/discovery.ts'
import { TransferExistsError, TransferStoppedError } from './errors.ts'
import type { KeeperInit } from './keeper.ts'
import { keepOfPeers, type KeptOfPeers } from './kept/kept-of-peers.ts'
import { limits } from './limits.ts'
import { SwarmMetrics } from './metrics.ts'
import { PeerRecords } from './discovery/peer-records.ts'
import { ReplayedChannel } from './replayed-channel.ts'
import type { Storage } from './storage/storage.ts'
import type { TransferInit } from './transfer-init.ts'
import { TorrentTransfer } from './transfer.ts'

/** the wire protocol of this version */
export const PROTOCOL = '/peerage/swarm/1.0.0'

const wireLimits = {
  idleTimeout: limits.wire.idleTimeout,
  maxStreams: limits.wire.streams,
  maxChannels: limits.peers.channels
}

/** All torrents of a node: hands channels to the torrent they are for. */
export class SwarmService implements Swarm {
  readonly [Symbol.toStringTag] = '@peerage/swarm'
  readonly [serviceCapabilities]: string[] = ['@peerage/swarm']
  readonly #self: PeerId
  readonly #init: SwarmInit
  readonly #log: Logger
  readonly #clock: Clock
  readonly #ledger = new PeerLedger()
  readonly #endpoint: Endpoint<PeerMessage>
  readonly #rateLimits = { down: new RateLimit(), up: new RateLimit() }
  readonly #sources: FollowTorrent[]
  readonly #kept: KeptOfPeers
  readonly #records: PeerRecords
  readonly #metrics: SwarmMetrics | undefined
  readonly #transfers = new Set<TorrentTransfer>()
  /** of these more is known than a magnet's hash */
  readonly #known = new WeakSet<TorrentTransfer>()
  /** by what a handshake says, in hexadecimal: of version 2, less than the id; of a hybrid, both */
  readonly #routes = new Map<string, TorrentTransfer>()
  /** their storage is being opened, which two calls must not do twice */
  readonly #opening = new Set<string>()

  constructor(components: SwarmComponents, init: SwarmInit) {
    this.#self = components.peerId
    this.#init = init
    this.limitRates(init.rateLimits ?? {})
    this.#log = components.logger.forComponent('peerage:swarm')
    this.#clock = init.clock ?? systemClock
    this.#sources = openSources(init.findPeers, components, this.#clock, this.#log)
    const { credit } = init.uploads ?? {}
    this.#kept = keepOfPeers(components.datastore, this.#clock, this.#log, this.#ledger, credit)
    this.#records = new PeerRecords(components.peerId.toString(), components.peerStore)
    this.#endpoint = createEndpoint(components, {
      protocol: PROTOCOL,
      framing: peerWire(),
      limits: wireLimits,
      clock: this.#clock,
      ledger: this.#ledger,
      onChannel: (channel) => this.#route(channel)
    })
    this.#metrics = components.metrics && new SwarmMetrics(components.metrics, this.#ledger)
  }

  get transfers(): readonly Transfer[] {
    return [...this.#transfers]
  }

  get(id: string): Transfer | undefined {
    const hash = readId(id)
    return hash && this.#routes.get(toHex(hash.subarray(0, 20)))
  }

  limitRates({ down = Infinity, up = Infinity }: RateLimits): void {
    this.#rateLimits.down.perSecond = down
    this.#rateLimits.up.perSecond = up
  }

  async start(): Promise<void> {
    await this.#kept.load()
    await this.#endpoint.start()
  }

  /** Says goodbye while there are connections to say it on. */
  async beforeStop(): Promise<void> {
    await Promise.all(this.transfers.map((transfer) => transfer.stop()))
  }

  async stop(): Promise<void> {
    await this.beforeStop()
    await this.#endpoint.stop()
    await this.#kept.flush()
  }

  async add(
    source: Torrent | Magnet | Uint8Array | string,
    options: AddOptions
  ): Promise<Transfer> {
    const of = read(source)
    const { storage, onProgress, select = selectedBy(of), peers = [] } = options
    const transfer = await this.#begin(of, { ...hashesOf(of), storage }, { ...options, select })
    transfer.addEventListener('transfer:progress', ({ detail }) => onProgress?.(detail))
    const hints = 'peers' in of ? addressesIn(of) : []
    for (const peer of [...peers, ...hints]) transfer.connect(peer)
    return transfer
  }

  async seed(torrent: Torrent, storage: Storage, options: SeedOptions = {}): Promise<Transfer> {
    const keeper = { ...hashesOf(torrent), storage: () => storage, trusted: true }
    return this.#begin(torrent, keeper, options)
  }

  async #begin(
    of: Torrent | Magnet,
    keeper: Omit<KeeperInit, 'select'>,
    options: SeedOptions & Pick<TransferInit, 'select' | 'order'>
  ): Promise<TorrentTransfer> {
    options.signal?.throwIfAborted()
    const { id } = of
    const opening = routesOf(of)
    if (opening.some((route) => this.#routes.has(route) || this.#opening.has(route))) {
      throw existsAlready(of)
    }
    const transfer: TorrentTransfer = new TorrentTransfer({
      ...keeper,
      id,
      torrent: 'pieceCount' in of ? of : undefined,
      self: this.#self,
      clock: this.#clock,
      random: this.#init.random ?? secureRandom,
      ledger: this.#ledger,
      wireLimits,
      log: this.#log,
      sources: this.#sources,
      records: this.#records,
      limits: options,
      select: options.select,
      order: options.order,
      rates: this.#rateLimits,
      uploads: options.uploads ?? this.#init.uploads,
      open: (target, dialling) => this.#endpoint.open(target, dialling),
      claim: (torrent) => this.#claim(torrent, transfer),
      stopped: () => {
        this.#transfers.delete(transfer)
        for (const [route, by] of this.#routes) if (by === transfer) this.#routes.delete(route)
        this.#metrics?.remove(transfer)
      }
    })
    for (const route of opening) this.#opening.add(route)
    try {
      await transfer.begin(options)
      this.#transfers.add(transfer)
      if (transfer.torrent !== undefined) this.#known.add(transfer)
      for (const route of opening) this.#routes.set(route, transfer)
      this.#metrics?.add(transfer)
      return transfer
    } catch (error) {
      await transfer.stop()
      throw error
    } finally {
      for (const route of opening) this.#opening.delete(route)
    }
  }

  /**
   * A magnet named one hash of a hybrid, and its metadata the other. Of two magnets with a hash each
   * the first to have the metadata goes on.
   */
  #claim(torrent: Torrent, transfer: TorrentTransfer): Error | undefined {
    if (!this.#transfers.has(transfer)) return new TransferStoppedError(`${torrent.id} was stopped`)
    const owners = routesOf(torrent).map((route) => this.#routes.get(route))
    if (owners.some((other) => other && other !== transfer && this.#known.has(other))) {
      return existsAlready(torrent)
    }
    this.#known.add(transfer)
    for (const route of routesOf(torrent)) this.#routes.set(route, transfer)
    return undefined
  }

  /** Reads which torrent a channel is for, and hands it there. */
  async #route(channel: Channel<PeerMessage>): Promise<void> {
    const cancel = this.#clock.after(limits.wire.handshakeTimeout, () => {
      channel.abort(new DeadlineError('the peer did not say which torrent the channel is for'))
    })
    const first = await channel.receive().finally(cancel)
    if (first?.type !== 'handshake') return channel.end()
    const transfer = this.#routes.get(toHex(first.infoHash))
    // unknown: just close, as BitTorrent does; what one has is nobody's business
    if (transfer == null) return channel.end()
    transfer.attach(new ReplayedChannel<PeerMessage>(channel, first))
  }
}

function read(source: Torrent | Magnet | Uint8Array | string): Torrent | Magnet {
  if (typeof source === 'string') return parseMagnet(source)
  return source instanceof Uint8Array ? parseTorrent(source) : source
}

function existsAlready({ id }: Torrent | Magnet): TransferExistsError {
  return new TransferExistsError(`${id} takes part already: use swarm.get(id)`)
}

/** What handshakes may call it by. */
function routesOf(of: Torrent | Magnet): string[] {
  return swarmHashes(of).map(toHex)
}

function hashesOf({ infoHash, infoHashV2 }: Torrent | Magnet) {
  return { infoHash, infoHashV2 }
}

/** The peers a link names, as far as they are addresses at all. */
function addressesIn(magnet: Magnet): PeerAddress[] {
  return magnet.peers.flatMap((text) => {
    try {
      return [multiaddr(text)]
    } catch {
      return []
    }
  })
}
