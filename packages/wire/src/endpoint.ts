import type {
  AbortOptions,
  ComponentLogger,
  Connection,
  Logger,
  PeerId,
  Stream,
  TopologyFilter
} from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { StreamBytes } from './byte-channel.ts'
import { FrameChannel, type Channel } from './channel.ts'
import { systemClock, type Clock } from './clock.ts'
import type { PeerLedger } from './core/peer-ledger.ts'
import {
  asError,
  BannedPeerError,
  ChannelClosedError,
  DeadlineError,
  UnexpectedEndError
} from './errors.ts'
import type { Framing } from './framing.ts'
import { limits as defaults, type WireLimits } from './limits.ts'

/** What an endpoint needs of a libp2p node; any service's `components` will do. */
export interface EndpointComponents {
  registrar: Pick<Registrar, 'handle' | 'unhandle' | 'register' | 'unregister'>
  connectionManager: Pick<ConnectionManager, 'openConnection'>
  logger: ComponentLogger
}

export interface EndpointInit<Frame> {
  /** such as `/peerage/flood/1.0.0` */
  protocol: string
  framing: Framing<Frame>
  /** whether the protocol may run over relays that limit time and bytes @default false */
  limited?: boolean
  /** bounds that differ from wire's defaults */
  limits?: Partial<WireLimits>
  /** @default systemClock */
  clock?: Clock
  /** peers banned in it are refused, both ways */
  ledger?: PeerLedger
  /** Takes a channel a peer opened. When it throws or rejects, the channel is cut. */
  onChannel?: (channel: Channel<Frame>) => void | Promise<void>
  /** Answers one request a peer made. When it throws or rejects, the stream is cut. */
  onRequest?: (
    request: Frame,
    context: { peer: PeerId; signal: AbortSignal }
  ) => Frame | Promise<Frame>
  /** A connected peer turned out to speak the protocol. */
  onPeer?: (peer: PeerId) => void
}

/** One protocol on one node. */
export interface Endpoint<Frame> {
  start(): Promise<void>
  /** Refuses new channels and cuts those that are left. */
  stop(): Promise<void>
  /** Opens a channel, dialling if need be. @throws {BannedPeerError | DeadlineError} and what the dial throws */
  open(target: PeerId | Multiaddr | Multiaddr[], options?: AbortOptions): Promise<Channel<Frame>>
  /** One frame there, one back. @throws as `open` and `Channel.receive` do */
  request(
    target: PeerId | Multiaddr | Multiaddr[],
    frame: Frame,
    options?: AbortOptions
  ): Promise<Frame>
}

export function createEndpoint<Frame>(
  components: EndpointComponents,
  init: EndpointInit<Frame>
): Endpoint<Frame> {
  return new ProtocolEndpoint(components, init)
}

class ProtocolEndpoint<Frame> implements Endpoint<Frame> {
  readonly #components: EndpointComponents
  readonly #init: EndpointInit<Frame>
  readonly #clock: Clock
  readonly #limits: WireLimits
  readonly #log: Logger
  readonly #channels = new Set<Channel<Frame>>()
  #topology: string | undefined

  constructor(components: EndpointComponents, init: EndpointInit<Frame>) {
    this.#components = components
    this.#init = init
    this.#clock = init.clock ?? systemClock
    this.#limits = { ...defaults, ...init.limits }
    this.#log = components.logger.forComponent(`peerage:wire:${init.protocol}`)
  }

  /** The one place that knows whether limited connections will do; libp2p wants to be told thrice. */
  get #limited(): boolean {
    return this.#init.limited ?? false
  }

  async start(): Promise<void> {
    const { registrar } = this.#components
    await registrar.handle(this.#init.protocol, this.#accept, {
      maxInboundStreams: this.#limits.maxStreams,
      maxOutboundStreams: this.#limits.maxStreams,
      runOnLimitedConnection: this.#limited
    })
    const { onPeer } = this.#init
    if (onPeer == null) return
    this.#topology = await registrar.register(this.#init.protocol, {
      filter: peerFilter(),
      notifyOnLimitedConnection: this.#limited,
      // never thrown from, never awaited: a failing topology silences those after it
      onConnect: (peer) => {
        queueMicrotask(() => {
          this.#guard(() => onPeer(peer))
        })
      }
    })
  }

  async stop(): Promise<void> {
    const { registrar } = this.#components
    if (this.#topology != null) registrar.unregister(this.#topology)
    this.#topology = undefined
    await registrar.unhandle(this.#init.protocol)
    await Promise.all([...this.#channels].map((channel) => channel.end()))
    for (const channel of this.#channels) channel.abort(new ChannelClosedError('the node stopped'))
  }

  async open(
    target: PeerId | Multiaddr | Multiaddr[],
    options: AbortOptions = {}
  ): Promise<Channel<Frame>> {
    return this.#within(this.#limits.openTimeout, 'opening a channel', options, async (signal) => {
      const connection = await this.#components.connectionManager.openConnection(target, { signal })
      this.#refuseBanned(connection.remotePeer)
      const stream = await connection.newStream(this.#init.protocol, {
        signal,
        runOnLimitedConnection: this.#limited,
        maxOutboundStreams: this.#limits.maxStreams
      })
      return this.#adopt(stream, connection)
    })
  }

  async request(
    target: PeerId | Multiaddr | Multiaddr[],
    frame: Frame,
    options: AbortOptions = {}
  ): Promise<Frame> {
    return this.#within(this.#limits.requestTimeout, 'a request', options, async (signal) => {
      const channel = await this.open(target, { signal })
      try {
        await channel.send(frame, { signal })
        const answer = await channel.receive({ signal })
        if (answer === undefined)
          throw new UnexpectedEndError('the peer said goodbye, not an answer')
        void channel.end()
        return answer
      } catch (reason) {
        channel.abort(asError(reason))
        throw reason
      }
    })
  }

  /** libp2p calls this with each inbound stream; nothing may escape from it. */
  readonly #accept = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      this.#refuseBanned(connection.remotePeer)
      if (this.#channels.size >= this.#limits.maxChannels) throw new Error('too many channels')
      const channel = this.#adopt(stream, connection)
      try {
        if (this.#init.onRequest != null) await this.#answer(channel)
        else await this.#init.onChannel?.(channel)
      } catch (reason) {
        channel.abort(asError(reason))
        throw reason
      }
    } catch (reason) {
      this.#log('refused a stream of %p - %e', connection.remotePeer, asError(reason))
      stream.abort(asError(reason))
    }
  }

  async #answer(channel: Channel<Frame>): Promise<void> {
    await this.#within(this.#limits.requestTimeout, 'a request', {}, async (signal) => {
      const request = await channel.receive({ signal })
      if (request === undefined) return
      const answer = await this.#init.onRequest!(request, { peer: channel.peer, signal })
      await channel.send(answer, { signal })
      await channel.end()
    })
  }

  #adopt(stream: Stream, connection: Connection): Channel<Frame> {
    const bytes = new StreamBytes(stream, connection, this.#clock, this.#limits)
    const channel = new FrameChannel(bytes, this.#init.framing, this.#limits)
    this.#channels.add(channel)
    void channel.closed.then(() => this.#channels.delete(channel))
    return channel
  }

  #refuseBanned(peer: PeerId): void {
    const until = this.#init.ledger?.bannedUntil(this.#clock.now(), peer.toString()) ?? 0
    if (until === 0) return
    const seconds = Math.ceil((until - this.#clock.now()) / 1000)
    throw new BannedPeerError(`${peer.toString()} is banned for another ${seconds} s`)
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (reason) {
      this.#log.error('a listener threw - %e', asError(reason))
    }
  }

  /** Runs with a deadline of its own beside the caller's signal, and cleans both up. */
  async #within<T>(
    timeout: number,
    what: string,
    options: AbortOptions,
    run: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    options.signal?.throwIfAborted()
    const controller = new AbortController()
    const cancel = this.#clock.after(timeout, () => {
      controller.abort(new DeadlineError(`${what} took longer than ${timeout} ms`))
    })
    const follow = (): void => {
      controller.abort(options.signal?.reason)
    }
    options.signal?.addEventListener('abort', follow)
    try {
      return await run(controller.signal)
    } catch (reason) {
      if (controller.signal.aborted) throw asError(controller.signal.reason)
      throw asError(reason)
    } finally {
      cancel()
      options.signal?.removeEventListener('abort', follow)
    }
  }
}

/** With a filter, libp2p tells of a peer once and pairs each connect with one disconnect. */
function peerFilter(): TopologyFilter {
  const known = new Set<string>()
  return {
    has: (peer) => known.has(peer.toString()),
    add: (peer) => {
      known.add(peer.toString())
    },
    remove: (peer) => {
      known.delete(peer.toString())
    }
  }
}
