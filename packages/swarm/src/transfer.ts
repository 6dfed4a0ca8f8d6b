import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import {
  BoundedMap,
  Driver,
  type Channel,
  type Clock,
  type PeerKey,
  type PeerLedger,
  type Random,
  type WireLimits
} from '@peerage/wire'
import { TypedEventEmitter } from 'main-event'
import type {
  FollowTorrent,
  PeerAddress,
  Progress,
  SwarmInit,
  Transfer,
  TransferLimits,
  TransferRateLimits,
  TransferEvents
} from './api.ts'
import type { PeerMessage } from './codec/peer-wire.ts'
import type { Torrent } from './codec/metainfo.ts'
import { Bitfield } from './core/bitfield.ts'
import { Control } from './core/control.ts'
import { TorrentCore } from './core/torrent.ts'
import type { TorrentNews, TorrentVocabulary } from './core/vocabulary.ts'
import { PieceWaiter } from './control/piece-waiter.ts'
import { ProgressTeller } from './control/progress-teller.ts'
import { readRange, streamOf, type Reading, type ReadOptions } from './control/read-range.ts'
import type { RateLimit } from './core/rate-limit.ts'
import type { TorrentFile } from './codec/metainfo-files.ts'
import { follow } from './discovery.ts'
import { TransferStoppedError } from './errors.ts'
import { Keeper, type KeeperInit } from './keeper.ts'
import { limits } from './limits.ts'
import { peerKeyOf } from './peer-address.ts'

export interface TransferInit extends KeeperInit {
  id: string
  torrent: Torrent | undefined
  self: PeerId
  clock: Clock
  random: Random
  ledger: PeerLedger
  wireLimits: Partial<WireLimits>
  log: Logger
  /** where peers are noted; none is asked for a private torrent */
  sources: readonly FollowTorrent[]
  uploads: SwarmInit['uploads']
  limits: TransferLimits
  /** what all torrents share */
  rates: { down: RateLimit; up: RateLimit }
  open: (target: PeerAddress, options: AbortOptions) => Promise<Channel<PeerMessage>>
  /** it takes part no more */
  stopped: () => void
}

/** One torrent: binds its core to channels, hash and disk. */
export class TorrentTransfer extends TypedEventEmitter<TransferEvents> implements Transfer {
  readonly id: string
  readonly done: Promise<Torrent>
  readonly #init: TransferInit
  readonly #keeper: Keeper
  readonly #addresses = new BoundedMap<PeerKey, PeerAddress>({ max: limits.peers.known })
  readonly #stopping = new AbortController()
  /** aborts when nobody is to know of the torrent any more: it stops, or turns out private */
  readonly #following = new AbortController()
  readonly #control: Control
  readonly #pieces = new PieceWaiter((piece) => this.#core?.have?.has(piece) === true)
  readonly #teller: ProgressTeller
  readonly #outcome = Promise.withResolvers<Torrent>()
  #core: TorrentCore | undefined
  #driver: Driver<TorrentVocabulary> | undefined
  #stopped: Promise<void> | undefined
  #followed: Promise<unknown> | undefined

  constructor(init: TransferInit) {
    super()
    this.id = init.id
    this.#init = init
    this.#keeper = new Keeper(init)
    this.#control = new Control(init.rates)
    this.#control.maxPeers = init.limits.maxPeers ?? limits.peers.connected
    this.limitRates(init.limits.rateLimits ?? {})
    this.#teller = new ProgressTeller(init.clock, limits.progress.every, () => {
      this.safeDispatchEvent('transfer:progress', { detail: this.progress })
    })
    this.done = this.#outcome.promise
    // whoever does not ask for the outcome need not handle its rejection
    this.done.catch(() => {})
  }

  get torrent(): Torrent | undefined {
    return this.#core?.torrent ?? this.#init.torrent
  }

  get progress(): Progress {
    const progress = this.#begun().core.progress(this.#init.clock.now())
    if (this.#stopped != null) return { ...progress, state: 'stopped' }
    return this.#control.paused ? { ...progress, state: 'paused' } : progress
  }

  /** Opens the storage and takes part. */
  async begin(options: AbortOptions): Promise<void> {
    const { torrent, infoHash, self, clock, random, ledger, log, wireLimits, uploads } = this.#init
    const bits = torrent && (await this.#keeper.open(torrent, options))
    const have = torrent && bits && Bitfield.read(bits, torrent.pieceCount)
    if (have instanceof Error) throw have
    const peerId = nameOf(self)
    const control = this.#control
    const known = have && { torrent, have }
    this.#core = new TorrentCore({ infoHash, peerId, random, uploads, control, ...known })
    this.#driver = new Driver<TorrentVocabulary>({
      core: this.#core,
      self: self.toString(),
      clock,
      ledger,
      limits: wireLimits,
      log,
      work: (work, signal) => this.#keeper.carryOut(work, signal),
      failed: (error) => ({ type: 'failed', error }),
      tell: (news) => {
        this.#tell(news)
      },
      dial: (peer, signal) =>
        this.#init.open(this.#addresses.get(peer) ?? peerIdFromString(peer), { signal })
    })
    if (have?.complete) this.#complete()
    this.#follow()
  }

  attach(channel: Channel<PeerMessage>): void {
    if (this.#driver == null) void channel.end()
    else this.#driver.attach(channel)
  }

  connect(peer: PeerAddress): void {
    const key = peerKeyOf(peer)
    if (key == null) void this.#connectOnce(peer)
    if (key == null || key === this.#init.self.toString()) return
    this.#addresses.set(key, peer)
    this.#begun().driver.ask({ type: 'know', peer: key })
  }

  pause(): void {
    this.#begun().driver.ask({ type: 'pause' })
    this.#teller.now()
  }

  resume(): void {
    this.#begun().driver.ask({ type: 'resume' })
    this.#teller.now()
  }

  limitRates({ down = Infinity, up = Infinity, perPeer = {} }: TransferRateLimits): void {
    this.#control.down.limit(down, perPeer.down ?? Infinity)
    this.#control.up.limit(up, perPeer.up ?? Infinity)
  }

  read(file: TorrentFile, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    const { torrent } = this
    if (torrent == null) throw new RangeError('the files of a magnet are not known yet')
    return readRange(this.#reading(torrent), file, options)
  }

  stream(file: TorrentFile, options: ReadOptions = {}): ReadableStream<Uint8Array> {
    return streamOf(options.signal, (signal) => this.read(file, { ...options, signal }))
  }

  sourcesOf(): { peer: PeerId; pieces: number }[] {
    return [...(this.#core?.gave ?? [])]
      .map(([peer, pieces]) => ({ peer: peerIdFromString(peer), pieces }))
      .sort((a, b) => b.pieces - a.pieces)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop(new TransferStoppedError(`the transfer of ${this.id} was stopped`))
    return this.#stopped
  }

  async #stop(reason: Error): Promise<void> {
    this.#stopping.abort(reason)
    this.#following.abort(reason)
    this.#outcome.reject(reason)
    this.#pieces.end(reason)
    this.#teller.stop()
    this.#init.stopped()
    await this.#driver?.stop()
    await this.#followed
    await this.#keeper.close().catch((error: unknown) => {
      this.#init.log.error('closing the storage of %s failed - %e', this.id, error)
    })
  }

  #reading(torrent: Torrent): Reading {
    return {
      torrent,
      verified: (piece, options) => this.#pieces.wait(piece, options),
      read: async (piece, begin, length, { signal = this.#stopping.signal }) => {
        const read = await this.#keeper.carryOut({ type: 'read', piece, begin, length }, signal)
        if (read.type === 'read') return read.bytes
        throw 'error' in read ? read.error : new Error(`a read ended as ${read.type}`)
      }
    }
  }

  #follow(): void {
    const { sources, infoHash, log, torrent } = this.#init
    if (torrent?.private === true) return
    const left = (): number | undefined => {
      const { pieceCount, length, bytes, pieces } = this.progress
      if (pieceCount === 0) return undefined
      return pieces === pieceCount ? 0 : Math.max(1, length - bytes)
    }
    const complete = this.done.then(
      () => {},
      () => {}
    )
    const found = (peer: PeerAddress): void => {
      if (left() !== 0) this.connect(peer)
    }
    const { signal } = this.#following
    const of = { infoHash, left, complete }
    this.#followed = Promise.all(sources.map((source) => follow(source, of, found, log, signal)))
  }

  async #connectOnce(address: PeerAddress): Promise<void> {
    try {
      this.attach(await this.#init.open(address, { signal: this.#stopping.signal }))
    } catch (error) {
      this.#init.log('could not reach %s - %e', address, error)
    }
  }

  #tell(news: TorrentNews): void {
    switch (news.type) {
      case 'metadata':
        this.safeDispatchEvent('metadata:receive', { detail: news.torrent })
        if (news.torrent.private) this.#following.abort()
        break
      case 'piece':
      case 'bad-piece': {
        if (news.type === 'piece') this.#pieces.verified(news.piece)
        const detail = { piece: news.piece, from: news.from.map((peer) => peerIdFromString(peer)) }
        this.safeDispatchEvent(news.type === 'piece' ? 'piece:verify' : 'piece:reject', { detail })
        break
      }
      case 'complete':
        return this.#complete()
      case 'disk':
        if (news.error == null) this.safeDispatchEvent('disk:recover', { detail: undefined })
        else this.safeDispatchEvent('disk:fail', { detail: news.error })
        break
      case 'hopeless':
        this.#stopped ??= this.#stop(news.error)
        break
      case 'queued': {
        const detail = { peer: peerIdFromString(news.peer), ...news.place }
        this.safeDispatchEvent('queue:place', { detail })
        return
      }
      case 'progress':
        break
    }
    this.#teller.changed()
  }

  #complete(): void {
    const torrent = this.torrent!
    this.#outcome.resolve(torrent)
    this.#teller.now()
    this.safeDispatchEvent('transfer:complete', { detail: torrent })
  }

  #begun(): { core: TorrentCore; driver: Driver<TorrentVocabulary> } {
    if (this.#core != null && this.#driver != null) {
      return { core: this.#core, driver: this.#driver }
    }
    throw new Error(`the transfer of ${this.id} has not begun`)
  }
}

/** Twenty bytes as BitTorrent clients have them (BEP 20): the client, then some of the key. */
function nameOf(self: PeerId): Uint8Array {
  const name = new Uint8Array(20)
  name.set(new TextEncoder().encode('-PG0100-'))
  name.set(self.toMultihash().bytes.slice(-12), 8)
  return name
}
