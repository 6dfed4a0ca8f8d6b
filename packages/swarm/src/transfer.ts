import type { AbortOptions, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { asError, BoundedMap, Driver, type Channel, type PeerKey } from '@peerage/wire'
import { TypedEventEmitter } from 'main-event'
import type { PeerAddress, Progress, Transfer, TransferRateLimits, TransferEvents } from './api.ts'
import type { PeerMessage } from './codec/peer-wire.ts'
import type { Torrent } from './codec/metainfo.ts'
import type { Hashes } from './codec/content-id.ts'
import { Bitfield } from './core/bitfield.ts'
import { Control } from './core/control.ts'
import { TorrentCore } from './core/torrent.ts'
import type {
  TorrentAsk,
  TorrentNews,
  TorrentResult,
  TorrentVocabulary,
  TorrentWork
} from './core/vocabulary.ts'
import { PieceWaiter } from './control/piece-waiter.ts'
import { ProgressTeller } from './control/progress-teller.ts'
import {
  piecesOf,
  readRange,
  streamOf,
  type FileSpan,
  type ReadOptions
} from './control/read-range.ts'
import { readerOf } from './control/reader.ts'
import { Selection, type SelectFiles } from './control/selection.ts'
import type { PickOrder } from './core/picker/opening.ts'
import type { TorrentFile } from './codec/metainfo-files.ts'
import { eventOf } from './events.ts'
import { Followed } from './discovery/followed.ts'
import { TransferStoppedError } from './errors.ts'
import { Keeper } from './keeper.ts'
import { limits } from './limits.ts'
import { peerKeyOf } from './discovery/peer-address.ts'
import type { RecordedPeer } from './discovery/peer-records.ts'
import { peerNameOf } from './peer-name.ts'
import type { TransferInit } from './transfer-init.ts'

/** One torrent: binds its core to channels, hash and disk. */
export class TorrentTransfer extends TypedEventEmitter<TransferEvents> implements Transfer {
  readonly id: string
  readonly done: Promise<Torrent>
  readonly #init: TransferInit
  readonly #keeper: Keeper
  readonly #addresses = new BoundedMap<PeerKey, PeerAddress>({ max: limits.peers.known })
  readonly #stopping = new AbortController()
  readonly #control: Control
  readonly #pieces = new PieceWaiter((piece) => this.#core?.have?.has(piece) === true)
  readonly #teller: ProgressTeller
  readonly #outcome = Promise.withResolvers<Torrent>()
  readonly #followed: Followed
  readonly #selection: Selection
  #core: TorrentCore | undefined
  #driver: Driver<TorrentVocabulary> | undefined
  #stopped: Promise<void> | undefined
  #readers = 0

  constructor(init: TransferInit) {
    super()
    this.id = init.id
    this.#init = init
    this.#selection = new Selection(init.select)
    this.#keeper = new Keeper({
      ...init,
      select: (torrent) => this.#selection.prioritiesOf(torrent)
    })
    this.#followed = new Followed({
      has: () => this.progress.pieces > 0,
      left: () => {
        const { pieceCount, left } = this.progress
        return pieceCount === 0 ? undefined : left
      }
    })
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

  /** those there are channels to */
  get peers(): PeerKey[] {
    return this.#driver?.peers ?? []
  }

  get progress(): Progress {
    const progress = this.#begun().core.progress(this.#init.clock.now())
    if (this.#stopped != null) return { ...progress, state: 'stopped' }
    return this.#control.paused ? { ...progress, state: 'paused' } : progress
  }

  /** Opens the storage and takes part. */
  async begin(options: AbortOptions): Promise<void> {
    const { torrent, self, clock, random, ledger, log, wireLimits, uploads } = this.#init
    const { infoHash, infoHashV2 } = this.#init
    const opened = torrent && (await this.#keeper.open(torrent, options))
    const have = opened && Bitfield.read(opened.have, torrent.pieceCount)
    if (have instanceof Error) throw have
    const peerId = peerNameOf(self)
    const control = this.#control
    const known = have && { torrent, have, files: opened?.files }
    const hashes = { infoHash, infoHashV2 }
    this.#core = new TorrentCore({ ...hashes, peerId, random, uploads, control, ...known })
    this.#driver = new Driver<TorrentVocabulary>({
      core: this.#core,
      self: self.toString(),
      clock,
      ledger,
      limits: wireLimits,
      log,
      work: this.#work,
      failed: (error) => ({ type: 'failed', error }),
      tell: (news) => {
        this.#tell(news)
      },
      dial: (peer, signal) =>
        this.#init.open(this.#addresses.get(peer) ?? peerIdFromString(peer), { signal })
    })
    if (this.#init.order != null) this.setOrder(this.#init.order)
    if (this.#core.finished) this.#complete()
    if (torrent?.private !== true) this.#follow(this.#init)
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
    this.#ask({ type: 'know', peer: key })
  }

  pause(): void {
    this.#ask({ type: 'pause' })
    this.#teller.now()
  }

  resume(): void {
    this.#ask({ type: 'resume' })
    this.#teller.now()
  }

  limitRates({ down = Infinity, up = Infinity, perPeer = {} }: TransferRateLimits): void {
    this.#control.down.limit(down, perPeer.down ?? Infinity)
    this.#control.up.limit(up, perPeer.up ?? Infinity)
  }

  select(select: SelectFiles): void {
    const files = this.#selection.choose(select, this.torrent)
    if (files != null) this.#ask({ type: 'prioritize', files })
    this.#teller.changed()
  }

  setOrder(order: PickOrder): void {
    this.#ask({ type: 'order', order })
  }

  hurry(file: TorrentFile, within: number, range: FileSpan = {}): void {
    const [first, last] = piecesOf(this.#known(), file, range) ?? [0, -1]
    const at = within === Infinity ? undefined : this.#init.clock.now() + within
    for (let piece = first; piece <= last; piece++) {
      this.#ask({ type: 'deadline', piece, at })
    }
  }

  read(file: TorrentFile, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    const reader = readerOf({
      torrent: this.#known(),
      id: ++this.#readers,
      ask: (wish) => {
        this.#ask(wish)
      },
      pieces: this.#pieces,
      keeper: this.#keeper,
      stopping: this.#stopping.signal
    })
    return readRange(reader, file, options)
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
    const unfollowed = this.#followed.end(reason)
    this.#outcome.reject(reason)
    this.#pieces.end(reason)
    this.#teller.stop()
    this.#init.stopped()
    await this.#driver?.stop()
    await unfollowed
    await this.#keeper.close().catch((error: unknown) => {
      this.#init.log.error('closing the storage of %s failed - %e', this.id, error)
    })
  }

  readonly #work = (work: TorrentWork, signal: AbortSignal): Promise<TorrentResult> => {
    if (work.type !== 'find-records' && work.type !== 'open-records') {
      return this.#keeper.carryOut(work, signal)
    }
    // what the user or a tracker said of a peer is not overwritten
    const met = ({ key, addresses }: RecordedPeer): void => {
      if (!this.#addresses.has(key)) this.#addresses.set(key, addresses)
    }
    return this.#init.records.carryOut(work, met, signal)
  }

  #ask(ask: TorrentAsk): void {
    this.#begun().driver.ask(ask)
  }

  #follow(torrent: Hashes): void {
    const { sources, log } = this.#init
    this.#followed.begin(
      torrent,
      sources,
      (peer) => {
        this.connect(peer)
      },
      log
    )
  }

  async #connectOnce(address: PeerAddress): Promise<void> {
    try {
      this.attach(await this.#init.open(address, { signal: this.#stopping.signal }))
    } catch (error) {
      this.#init.log('could not reach %s - %e', address, error)
    }
  }

  #tell(news: TorrentNews): void {
    if (news.type === 'piece') this.#pieces.verified(news.piece)
    if (news.type === 'metadata') this.#adopted(news.torrent)
    if (news.type === 'incomplete') this.#followed.turn()
    if (news.type === 'complete') this.#complete()
    const event = eventOf(news)
    if (event != null) this.safeDispatchEvent(event[0], { detail: event[1] })
    if (news.type === 'hopeless') this.#stopped ??= this.#stop(news.error)
    else if (news.type !== 'queued') this.#teller.changed()
  }

  #adopted(torrent: Torrent): void {
    if (torrent.private) void this.#followed.end()
    else this.#follow(torrent)
    try {
      const files = this.#selection.changed(torrent)
      if (files != null) this.#ask({ type: 'prioritize', files })
    } catch (reason) {
      this.#stopped ??= this.#stop(asError(reason))
    }
  }

  #complete(): void {
    const torrent = this.torrent!
    this.#outcome.resolve(torrent)
    this.#followed.turn()
    this.#teller.now()
    this.safeDispatchEvent('transfer:complete', { detail: torrent })
  }

  #known(): Torrent {
    if (this.torrent != null) return this.torrent
    throw new RangeError('the files of a magnet are not known yet')
  }

  #begun(): { core: TorrentCore; driver: Driver<TorrentVocabulary> } {
    if (this.#core != null && this.#driver != null) {
      return { core: this.#core, driver: this.#driver }
    }
    throw new Error(`the transfer of ${this.id} has not begun`)
  }
}
