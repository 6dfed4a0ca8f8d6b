import { randomBytes } from 'node:crypto'
import { serviceCapabilities, type PeerId } from '@libp2p/interface'
import {
  ChannelClosedError,
  createEndpoint,
  systemClock,
  type Endpoint,
  type EndpointComponents
} from '@peerage/wire'
import { TypedEventEmitter } from 'main-event'
import { Announcers } from './announcers.ts'
import type {
  Gateway,
  GatewayEvents,
  GatewayInit,
  Pipe,
  Served,
  ServeOptions,
  TcpAddress
} from './api.ts'
import { clientName } from './client-name.ts'
import { ServeError } from './errors.ts'
import { hex } from './hex.ts'
import { Identities } from './identities.ts'
import { Joiner } from './joiner.ts'
import { limits } from './limits.ts'
import { swarmProtocol } from './protocol.ts'
import { ServedTorrent } from './served-torrent.ts'
import { TcpListener } from './tcp-listener.ts'

/** What the gateway needs of a libp2p node. The node must not have the swarm service as well. */
export interface GatewayComponents extends EndpointComponents {
  peerId: PeerId
}

/** The service: what is served, from the node's start to its end. */
export class BitTorrentGateway extends TypedEventEmitter<GatewayEvents> implements Gateway {
  readonly [Symbol.toStringTag] = '@peerage/gateway-bittorrent'
  readonly [serviceCapabilities]: string[] = ['@peerage/gateway-bittorrent']
  readonly #endpoint: Endpoint<Uint8Array>
  readonly #listener: TcpListener | undefined
  readonly #joiner: Joiner
  readonly #announcers: Announcers
  readonly #served = new Map<string, ServedTorrent>()

  constructor(components: GatewayComponents, init: GatewayInit) {
    super()
    const { createNode, listen, secret = randomBytes(32), clock = systemClock } = init
    this.#joiner = new Joiner({
      identities: new Identities({ createNode, secret }),
      served: (id) => this.#served.get(id),
      clock,
      log: components.logger.forComponent('peerage:gateway-bittorrent'),
      opened: (pipe) => this.#tell('pipe:open', pipe),
      closed: (end) => this.#tell('pipe:close', end),
      failed: ({ infoHash }, error) => this.#tell('pipe:fail', { infoHash, error })
    })
    this.#endpoint = createEndpoint(components, {
      ...swarmProtocol,
      clock,
      onChannel: (channel) => this.#joiner.takePeer(channel)
    })
    this.#listener = listen && new TcpListener(listen, (line) => this.#joiner.takeClient(line))
    this.#announcers = new Announcers({
      peerId: clientName(components.peerId),
      clock,
      answered: (url, clients) => this.#tell('tracker:answer', { url, clients }),
      failed: (url, error) => this.#tell('tracker:fail', { url, error })
    })
  }

  get address(): TcpAddress | undefined {
    return this.#listener?.address
  }

  get pipes(): readonly Pipe[] {
    return this.#joiner.pipes.all
  }

  async start(): Promise<void> {
    this.#joiner.start()
    await this.#listener?.open()
    await this.#endpoint.start()
    this.#announcers.start(this.address?.port)
  }

  /** Closes the pipes while there are connections to close them on. */
  async beforeStop(): Promise<void> {
    const reason = new ChannelClosedError('the gateway stopped')
    await Promise.all([
      this.#joiner.stop(reason),
      this.#listener?.close(reason),
      ...[...this.#served.values()].map((torrent) => torrent.stop())
    ])
  }

  async stop(): Promise<void> {
    await this.beforeStop()
    await this.#endpoint.stop()
  }

  serve(infoHash: Uint8Array, options: ServeOptions = {}): Served {
    const id = hex(infoHash)
    if (infoHash.byteLength !== 20) throw new ServeError(`"${id}" is no info-hash of 20 bytes`)
    if (this.#served.has(id)) throw new ServeError(`${id} is served already: stop that first`)
    if (this.#served.size >= limits.torrents.served) {
      throw new ServeError(`${limits.torrents.served} torrents are served already: stop one first`)
    }
    const torrent = new ServedTorrent({
      ...options,
      infoHash,
      end: async () => {
        this.#served.delete(id)
        await Promise.all([this.#announcers.remove(torrent), this.#joiner.pipes.close(infoHash)])
      }
    })
    this.#announcers.add(torrent, options.trackers ?? [])
    this.#served.set(id, torrent)
    return torrent
  }

  #tell<K extends keyof GatewayEvents>(type: K, detail: GatewayEvents[K]['detail']): void {
    this.safeDispatchEvent(type, { detail })
  }
}
