import type {
  AbortOptions,
  ContentRouting,
  Metrics,
  PeerId,
  PeerStore,
  Startable,
  TypedEventTarget
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Datastore } from 'interface-datastore'
import type { Clock, EndpointComponents, Random } from '@peerage/wire'
import type { TorrentFile } from './codec/metainfo-files.ts'
import type { FileSpan, ReadOptions } from './control/read-range.ts'
import type { SelectFiles } from './control/selection.ts'
import type { Magnet } from './codec/magnet.ts'
import type { Torrent } from './codec/metainfo.ts'
import type { PickOrder } from './core/picker/opening.ts'
import type { QueuePlace } from './codec/queue-status.ts'
import type { MakeUploadPolicy } from './core/uploads/policies/policy.ts'
import type { TorrentProgress } from './core/progress.ts'
import type { Storage } from './storage/storage.ts'

/** Where a peer is. Addresses should end in `/p2p/<id>`: without it a peer is tried only once. */
export type PeerAddress = PeerId | Multiaddr | Multiaddr[]

/** Looks for peers of a torrent, once. @param infoHash 20 bytes */
export type FindPeers = (
  infoHash: Uint8Array,
  options: AbortOptions
) => AsyncIterable<PeerAddress> | Iterable<PeerAddress>

/** What a source of peers may know of a torrent. */
export interface FollowedTorrent {
  /** 20 bytes */
  readonly infoHash: Uint8Array
  /** whether a piece is here that can be given */
  readonly has: () => boolean
  /** bytes that are wanted and not here; undefined while a magnet's metadata is on its way */
  readonly left: () => number | undefined
  /**
   * Resolves when next everything that is wanted is here, or when after that more is wanted, or when
   * the torrent is followed no more; never rejects.
   */
  readonly turned: () => Promise<void>
}

/**
 * Tells of a torrent's peers as they become known, and to others that we are one, from when it
 * takes part until the signal aborts.
 */
export type FollowTorrent = (
  torrent: FollowedTorrent,
  options: AbortOptions
) => AsyncIterable<PeerAddress>

/** A source of peers that goes along with torrents, as a tracker does. */
export interface PeerSource {
  /** Called once by the swarm it is given to. */
  open(components: SwarmComponents): FollowTorrent
}

/** Bytes per second; what is left out is not limited. 0 lets nothing through. */
export interface RateLimits {
  /** blocks asked for @default Infinity */
  down?: number
  /** blocks given @default Infinity */
  up?: number
}

export interface TransferRateLimits extends RateLimits {
  /** each peer of the torrent by itself @default no limit */
  perPeer?: RateLimits
}

/** What holds a transfer back. */
export interface TransferLimits {
  /** @default only those of the whole node */
  rateLimits?: TransferRateLimits
  /** channels it may have @default 50 */
  maxPeers?: number
}

export interface SwarmInit {
  /** all torrents together @default no limit */
  rateLimits?: RateLimits
  /**
   * Where peers of a torrent are noted: in a DHT, at trackers, in search hits; one, or several that
   * are all asked. A function is called when a torrent is added and once a minute until everything
   * is here. None is asked for private torrents (BEP 27).
   *
   * @default only the peers given to `add` are known
   */
  findPeers?: FindPeers | PeerSource | readonly (FindPeers | PeerSource)[]
  /**
   * Whom to serve.
   *
   * @default titForTat()
   */
  uploads?: MakeUploadPolicy
  /** @default systemClock */
  clock?: Clock
  /** @default secureRandom */
  random?: Random
}

export interface SwarmComponents extends EndpointComponents {
  peerId: PeerId
  addressManager: { getAddresses(): Multiaddr[] }
  /** for a source of peers that asks a DHT */
  contentRouting?: ContentRouting
  /**
   * Where identify keeps the records by which peers are told of each other.
   *
   * @default peers are told of nobody; what they tell is heard
   */
  peerStore?: Pick<PeerStore, 'get'>
  /** counters and gauges named `peerage_swarm_…` @default nothing is counted */
  metrics?: Metrics
  /**
   * Where bans and credit are kept, so that they survive a restart when the datastore does.
   *
   * @default they last as long as the node
   */
  datastore?: Datastore
}

export interface SeedOptions extends AbortOptions, TransferLimits {
  /** whom to serve of this torrent @default the swarm's policy */
  uploads?: MakeUploadPolicy
}

export interface AddOptions extends SeedOptions {
  /**
   * Where the bytes go; called once the torrent is known. Pieces that the storage remembers from an
   * earlier run are not fetched again.
   */
  storage: (torrent: Torrent) => Storage | Promise<Storage>
  /**
   * Which files to fetch, and how urgently; see {@link Transfer.select}.
   *
   * @default those a magnet names (`so`), else all of them
   */
  select?: SelectFiles
  /** @default 'rarest-first' */
  order?: PickOrder
  /** who is known to have the torrent, or parts of it @default nobody */
  peers?: readonly PeerAddress[]
  /** the same as the event `transfer:progress` */
  onProgress?: (progress: Progress) => void
}

/** Torrents of one node: what it fetches and what it gives. */
export interface Swarm extends Startable {
  /** what takes part now */
  readonly transfers: readonly Transfer[]
  /** @param id `btih:` and 40 hexadecimal digits, or `btmh:1220` and 64 */
  get(id: string): Transfer | undefined
  /**
   * Takes part in a torrent: fetches what is missing and gives what is there. Resolves when the
   * storage is open; of a magnet at once, and its metadata comes from peers.
   *
   * @param source a torrent, the bytes of a `.torrent` file, or a magnet as an object or a link
   * @throws {TorrentError | MagnetError} the source is broken or not safe
   * @throws {StorageError | DiskFullError} the storage cannot be opened
   * @throws {TransferExistsError} this torrent takes part already
   */
  add(source: Torrent | Magnet | Uint8Array | string, options: AddOptions): Promise<Transfer>
  /**
   * Gives a torrent whose pieces are all in `storage`, from now on: each is hashed when a peer first
   * asks for it. One that is wrong is not given; see the event `piece:lose`.
   *
   * @throws {TransferExistsError} this torrent takes part already
   */
  seed(torrent: Torrent, storage: Storage, options?: SeedOptions): Promise<Transfer>
  /** New limits for all torrents together, in place of those there were. */
  limitRates(limits: RateLimits): void
}

/** How far a transfer is. */
export interface Progress extends Omit<TorrentProgress, 'state'> {
  state: TorrentProgress['state'] | 'paused' | 'stopped'
}

export interface TransferEvents {
  /** something has changed: about once a second while there are peers, at most five times */
  'transfer:progress': CustomEvent<Progress>
  /** everything that is wanted is verified and stored; again each time that more was wanted */
  'transfer:complete': CustomEvent<Torrent>
  /** a magnet's torrent is known, and what its storage remembers is counted */
  'metadata:receive': CustomEvent<Torrent>
  /** a piece is verified and stored; `from` are those who gave its blocks, the most generous first */
  'piece:verify': CustomEvent<{ piece: number; from: PeerId[] }>
  /** a piece's hash was wrong; it is fetched again, from one peer */
  'piece:reject': CustomEvent<{ piece: number; from: PeerId[] }>
  /**
   * a piece of a seed was wrong when it was first read: it is given no more, and what is in its
   * place stays, for it may have been changed on purpose; `select` files to have it fetched
   */
  'piece:lose': CustomEvent<{ piece: number }>
  /** a peer tells where we stand in its queue, when it keeps one */
  'queue:place': CustomEvent<QueuePlace & { peer: PeerId }>
  /** nothing is fetched because of this; what is there is still given, and the disk tried again */
  'disk:fail': CustomEvent<Error>
  /** the disk takes pieces again */
  'disk:recover': CustomEvent<undefined>
}

/** One torrent that this node takes part in. */
export interface Transfer extends TypedEventTarget<TransferEvents> {
  /** `btih:` and 40 hexadecimal digits; of a version 2 torrent `btmh:1220` and 64 */
  readonly id: string
  /** undefined while a magnet's metadata is on its way */
  readonly torrent: Torrent | undefined
  readonly progress: Progress
  /**
   * Resolves when everything that is wanted is verified and stored, for the first time: what is
   * selected later does not change it. A full disk does not end it.
   *
   * @throws {TorrentError} (rejects) the metadata is right and describes a torrent that is not safe
   * @throws {ContradictionError} (rejects) it is a hybrid whose two versions hash different bytes
   * @throws {StorageError} (rejects) the storage of a magnet could not be opened
   * @throws {TransferStoppedError} (rejects) it was stopped before
   */
  readonly done: Promise<Torrent>
  /**
   * Wants these files from now on, instead of what was wanted before. What is here stays, is given
   * and is read. When more is wanted it goes on fetching and tells `transfer:complete` once more.
   *
   * @param select for a magnet it is called when the torrent is known
   * @throws whatever `select` throws; a magnet is stopped for that reason
   */
  select(select: SelectFiles): void
  /**
   * In which order pieces are begun. Whoever takes them in sequence has little that others lack, and
   * the swarm is slower for it: to watch a film while it comes, {@link read} it.
   */
  setOrder(order: PickOrder): void
  /**
   * Wants a range of a file by a time: its pieces come before all others, the soonest first, and from
   * several peers when it is near. Of files that are wanted only.
   *
   * @param within milliseconds from now; `Infinity` when there is no hurry any more
   * @throws {RangeError} the range is not in the file, or the metadata is still on its way
   */
  hurry(file: TorrentFile, within: number, range?: FileSpan): void
  /** Tells of a peer that may have something. Dialled while there is something to fetch. */
  connect(peer: PeerAddress): void
  /**
   * Asks for nothing and gives nothing until `resume`, and dials nobody. Channels stay, so that it
   * goes on at once; its peers are told by "choke" and "not interested". A magnet's metadata, once
   * here, is still given.
   */
  pause(): void
  resume(): void
  /** New limits in place of all there were. */
  limitRates(limits: TransferRateLimits): void
  /**
   * Bytes of a file, from front to back, each as soon as its piece is verified. What is read next
   * comes before all else, and what is read is wanted, even of a file that is not, until the reader
   * leaves: by the end, by `break`, or by its signal.
   *
   * @param file one of `torrent.files`
   * @throws {RangeError} the range is not in the file, or the metadata is still on its way
   * @throws {TransferStoppedError} the transfer stopped before all of it was here
   */
  read(file: TorrentFile, options?: ReadOptions): AsyncGenerator<Uint8Array>
  /** The same as a web stream, for `Response`, `<video>` by a service worker, `pipeTo`. */
  stream(file: TorrentFile, options?: ReadOptions): ReadableStream<Uint8Array>
  /** Which peers gave the pieces; each piece counts for the peer that gave most of it. */
  sourcesOf(): { peer: PeerId; pieces: number }[]
  /** Says goodbye to its peers and closes the storage; what is verified stays. Never rejects. */
  stop(): Promise<void>
}
