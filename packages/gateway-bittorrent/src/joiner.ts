import type { Logger } from '@libp2p/interface'
import { decodeHandshake, type Handshake } from '@peerage/swarm'
import { asError, DeadlineError, WireError, type Channel, type Clock } from '@peerage/wire'
import type { Pipe, PipeEnd } from './api.ts'
import { clientName } from './client-name.ts'
import { firstReached } from './first-reached.ts'
import { hex } from './hex.ts'
import type { Identities } from './identities.ts'
import { limits } from './limits.ts'
import { Pipes, type Ends } from './pipes.ts'
import type { ServedTorrent } from './served-torrent.ts'
import { dialTcp, type Line, type TcpLine } from './tcp-line.ts'

export interface JoinerInit {
  identities: Identities
  /** @param id an info-hash in hexadecimal */
  served: (id: string) => ServedTorrent | undefined
  clock: Clock
  log: Logger
  opened: (pipe: Pipe) => void
  closed: (end: PipeEnd) => void
  /** somebody came for this torrent, and there was nobody to join it to */
  failed: (torrent: ServedTorrent, error: Error) => void
}

/** A handshake as it came, and what it says. */
interface Hello {
  readonly bytes: Uint8Array
  readonly handshake: Handshake
}

/** Finds the other end for whoever comes. */
export class Joiner {
  readonly pipes = new Pipes()
  readonly #init: JoinerInit
  #stopping = new AbortController()

  constructor(init: JoinerInit) {
    this.#init = init
  }

  start(): void {
    this.#stopping = new AbortController()
  }

  async stop(reason: Error): Promise<void> {
    this.#stopping.abort(reason)
    await this.pipes.close()
  }

  /** A client came: it wants a libp2p peer. Never rejects. */
  async takeClient(client: TcpLine): Promise<void> {
    const { remote } = client
    await this.#take(client, remote.host, limits.pipes.perAddress, async (torrent, hello) => {
      if (this.#isOurselves(hello.handshake)) return
      const { infoHash } = torrent
      const place = this.#init.identities.take(remote.host, hex(infoHash))
      try {
        const { streams } = (await place.node()).services
        const peer = await this.#reach((signal) =>
          firstReached(torrent.nextPeers(signal), (at) => streams.open(at, { signal }), signal)
        )
        const pipe: Pipe = { infoHash, client: remote, peer: peer.peer, direction: 'inbound' }
        await this.#run(pipe, { client, peer, first: hello.bytes })
      } finally {
        await place.leave()
      }
    })
  }

  /** A libp2p peer came: it wants a client. Never rejects. */
  async takePeer(peer: Channel<Uint8Array>): Promise<void> {
    await this.#take(peer, peer.key, limits.pipes.perPeer, async (torrent, hello) => {
      const client = await this.#reach((signal) =>
        firstReached(torrent.nextClients(), (at) => dialTcp(at, signal), signal)
      )
      const { infoHash } = torrent
      const pipe: Pipe = { infoHash, client: client.remote, peer: peer.peer, direction: 'outbound' }
      await this.#run(pipe, { client, peer, first: hello.bytes })
    })
  }

  /** A place, the handshake, the torrent it is about; and the line's end, whatever happens. */
  async #take(
    line: Line,
    from: string,
    most: number,
    join: (torrent: ServedTorrent, hello: Hello) => Promise<void>
  ): Promise<void> {
    const leave = this.pipes.admit(from, most)
    try {
      const hello = leave && (await this.#hear(line))
      const torrent = hello && this.#init.served(hex(hello.handshake.infoHash))
      // not served: just close, as BitTorrent does
      if (torrent == null) return
      await join(torrent, hello!).catch((reason: unknown) => {
        if (!this.#stopping.signal.aborted) this.#init.failed(torrent, asError(reason))
      })
    } catch (reason) {
      this.#init.log('%s came and went - %e', from, asError(reason))
    } finally {
      leave?.()
      void line.end()
    }
  }

  /** @throws {WireError | DeadlineError} and what the line says */
  async #hear(line: Line): Promise<Hello | undefined> {
    const cancel = this.#init.clock.after(limits.pipes.handshakeTimeout, () => {
      line.abort(new DeadlineError('no handshake came in time'))
    })
    const bytes = await line.receive().finally(cancel)
    if (bytes == null) return undefined
    const handshake = decodeHandshake(bytes)
    if (handshake instanceof WireError) throw handshake
    return { bytes, handshake }
  }

  async #reach<T>(reach: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController()
    const { connectTimeout } = limits.pipes
    const cancel = this.#init.clock.after(connectTimeout, () => {
      late.abort(new DeadlineError(`nobody was reached within ${connectTimeout} ms`))
    })
    try {
      return await reach(AbortSignal.any([late.signal, this.#stopping.signal]))
    } finally {
      cancel()
    }
  }

  async #run(pipe: Pipe, ends: Ends): Promise<void> {
    this.#init.opened(pipe)
    this.#init.closed(await this.pipes.run(pipe, ends))
  }

  /** A tracker tells us of ourselves, too: then a client comes by the name we have just given. */
  #isOurselves({ peerId }: Handshake): boolean {
    return this.pipes.all.some(
      ({ direction, peer }) => direction === 'outbound' && hex(clientName(peer)) === hex(peerId)
    )
  }
}
