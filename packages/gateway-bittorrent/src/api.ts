import type {
  AbortOptions,
  PeerId,
  PrivateKey,
  Startable,
  TypedEventTarget
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, Endpoint, EndpointComponents } from '@peerage/wire'

/** A host and a port; the host is an IP address, or a name where the user gave one. */
export interface TcpAddress {
  readonly host: string
  /** 1 to 65535 */
  readonly port: number
}

/** Where a libp2p peer is; the addresses end in `/p2p/<id>`. */
export type SwarmAddress = Multiaddr | readonly Multiaddr[]

/** Opens streams of the swarm protocol, on a node that takes none. */
export type StreamOpener = Pick<Endpoint<Uint8Array>, 'open'>

/** The libp2p node that stands for one BitTorrent client. */
export interface ClientNode {
  services: { streams: StreamOpener }
  stop(): void | Promise<void>
}

export interface GatewayInit {
  /**
   * Starts the libp2p node of one BitTorrent client, with this key and this service; it need not
   * listen. A swarm knows its peers by their keys: clients that shared one would be taken for one,
   * and one's bad blocks would be another's.
   */
  createNode: (init: {
    identity: PrivateKey
    services: { streams: (components: EndpointComponents) => StreamOpener }
  }) => Promise<ClientNode>
  /** where BitTorrent clients connect; port 0 takes any free one @default only dials */
  listen?: TcpAddress | { readonly host: string; readonly port: 0 }
  /**
   * What the keys of clients are made from, with their IP address; 32 random bytes. Kept, a client
   * that was banned stays so after a restart.
   *
   * @default new ones at every start
   */
  secret?: Uint8Array
  /** @default systemClock */
  clock?: Clock
}

export interface ServeOptions {
  /** libp2p peers that have the torrent, or parts of it @default nobody */
  peers?: readonly SwarmAddress[]
  /** Looks for more of them, when none that is known can be reached. @default only `peers` are known */
  findPeers?: (
    infoHash: Uint8Array,
    options: AbortOptions
  ) => AsyncIterable<SwarmAddress> | Iterable<SwarmAddress>
  /** BitTorrent clients to dial when a libp2p peer asks for the torrent @default nobody */
  clients?: readonly TcpAddress[]
  /** trackers to tell of this gateway, and to ask for clients: `http:`, `https:` or `udp:` @default none */
  trackers?: readonly string[]
}

/** One torrent that goes through the gateway. */
export interface Served {
  /** 20 bytes */
  readonly infoHash: Uint8Array
  /** BitTorrent clients that may be dialled, trackers' ones included */
  readonly clients: readonly TcpAddress[]
  /** Tells of one more BitTorrent client. */
  addClient(address: TcpAddress): void
  /** Cuts its pipes and says goodbye to its trackers. Never rejects. */
  stop(): Promise<void>
}

/** One TCP connection and the one stream it is joined to. */
export interface Pipe {
  /** 20 bytes */
  readonly infoHash: Uint8Array
  /** the BitTorrent client's end */
  readonly client: TcpAddress
  /** the libp2p end */
  readonly peer: PeerId
  /** who came: `inbound`, the client; `outbound`, the libp2p peer */
  readonly direction: 'inbound' | 'outbound'
}

/** What has gone through a pipe. */
export interface PipeEnd extends Pipe {
  /** bytes from the client to the libp2p peer */
  readonly fromClient: number
  /** bytes from the libp2p peer to the client */
  readonly toClient: number
  /** why it ended; undefined when one side just closed */
  readonly error?: Error
}

export interface GatewayEvents {
  'pipe:open': CustomEvent<Pipe>
  'pipe:close': CustomEvent<PipeEnd>
  /** a client or a libp2p peer came and could not be joined to anybody */
  'pipe:fail': CustomEvent<{ infoHash: Uint8Array; error: Error }>
  'tracker:answer': CustomEvent<{ url: string; clients: number }>
  /** it is asked again later */
  'tracker:fail': CustomEvent<{ url: string; error: Error }>
}

/** Joins BitTorrent clients, over TCP, to libp2p peers that speak the swarm protocol. */
export interface Gateway extends Startable, TypedEventTarget<GatewayEvents> {
  /** where BitTorrent clients connect; undefined before the start and without `listen` */
  readonly address: TcpAddress | undefined
  /** connections joined now */
  readonly pipes: readonly Pipe[]
  /**
   * Lets a torrent through. A hybrid's two info-hashes are two calls.
   *
   * @param infoHash 20 bytes; of a version 2 torrent, the first 20 (BEP 52)
   * @throws {ServeError} it is served already, or too many are
   * @throws {TrackerUrlError} a tracker's address cannot be used
   */
  serve(infoHash: Uint8Array, options?: ServeOptions): Served
}

/** What a tracker is told (BEP 3). */
export interface Announcement {
  /** 20 bytes */
  infoHash: Uint8Array
  /** our name, 20 bytes */
  peerId: Uint8Array
  /** where we take connections */
  port: number
  event?: 'started' | 'completed' | 'stopped' | undefined
  /** bytes given since "started" @default 0 */
  uploaded?: number
  /** bytes fetched since "started" @default 0 */
  downloaded?: number
  /** bytes still missing; seeds are told of to those who miss some @default 1 */
  left?: number
}

/** What a tracker answers. */
export interface TrackerAnswer {
  /** milliseconds until it wants to hear from us again */
  interval: number
  /** how many have everything, as it says */
  seeders?: number
  /** how many do not, as it says */
  leechers?: number
  /** addresses as the tracker names them: whoever dials them checks them first */
  peers: TcpAddress[]
}

export interface AnnounceOptions extends AbortOptions {
  /** milliseconds for all of it @default 30_000 */
  timeout?: number
}
