import { connect, type Socket } from 'node:net'
import type { AbortOptions } from '@libp2p/interface'
import { asError, DeadlineError, UnexpectedEndError, WireError, type Channel } from '@peerage/wire'
import type { TcpAddress } from './api.ts'
import { wholeMessageReader } from './codec/whole-messages.ts'
import { limits } from './limits.ts'

/** What a pipe needs of either end: of a libp2p channel, and of a socket. */
export type Line = Pick<Channel<Uint8Array>, 'receive' | 'send' | 'end' | 'abort' | 'closed'>

/** Whole messages over one TCP connection, with back-pressure both ways. */
export class TcpLine implements Line {
  readonly closed: Promise<void>
  readonly remote: TcpAddress
  readonly #socket: Socket
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #reader = wholeMessageReader()
  #error: Error | undefined

  /** @param socket a connected one that nobody has read from yet */
  constructor(socket: Socket) {
    this.#socket = socket
    this.remote = { host: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    this.#chunks = socket[Symbol.asyncIterator]()
    this.closed = new Promise((resolve) => {
      if (socket.closed) resolve()
      else socket.once('close', () => resolve())
    })
    socket.on('error', (error) => {
      this.#error ??= error
    })
    socket.setNoDelay(true)
    socket.setTimeout(limits.pipes.idleTimeout, () => {
      this.abort(new DeadlineError(`nothing came or went for ${limits.pipes.idleTimeout} ms`))
    })
  }

  /** The socket reads on only when this is called: what is not asked for stays with the sender. */
  async receive({ signal }: AbortOptions = {}): Promise<Uint8Array | undefined> {
    signal?.throwIfAborted()
    const onAbort = (): void => this.abort(asError(signal?.reason))
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await this.#next()
    } catch (reason) {
      throw this.#error ?? asError(reason)
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async send(message: Uint8Array): Promise<void> {
    if (!this.#socket.writable) {
      throw this.#error ?? new UnexpectedEndError('the client closed the connection')
    }
    if (this.#socket.write(message)) return
    await this.#drained()
  }

  async end(): Promise<void> {
    // BitTorrent never half-closes: what is written goes out, then both directions are over
    this.#socket.destroySoon()
    await this.closed
  }

  abort(error: Error): void {
    this.#error ??= error
    this.#socket.destroy()
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = this.#reader.next()
      if (message instanceof WireError) {
        this.abort(message)
        throw message
      }
      if (message instanceof Uint8Array) return message
      const { done, value } = await this.#chunks.next()
      if (done === true) {
        if (this.#error != null) throw this.#error
        return undefined
      }
      this.#reader.push(value)
    }
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        this.#socket.off('drain', over).off('close', over)
        resolve()
      }
      this.#socket.once('drain', over).once('close', over)
    })
  }
}

/** Dials a BitTorrent client. @throws what the system says, or the signal's reason */
export async function dialTcp({ host, port }: TcpAddress, signal: AbortSignal): Promise<TcpLine> {
  signal.throwIfAborted()
  const socket = connect({ host, port })
  const onAbort = (): void => {
    socket.destroy(asError(signal.reason))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    return new TcpLine(socket)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** An IPv4 address that came over an IPv6 socket, as itself. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
