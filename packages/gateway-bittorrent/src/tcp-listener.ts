import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import type { TcpAddress } from './api.ts'
import { limits } from './limits.ts'
import { TcpLine } from './tcp-line.ts'

/** Where BitTorrent clients connect. */
export class TcpListener {
  readonly #at: TcpAddress
  readonly #server: Server
  readonly #lines = new Set<TcpLine>()

  /** @param take gets each connection; it never rejects */
  constructor(at: TcpAddress, take: (line: TcpLine) => Promise<void>) {
    this.#at = at
    this.#server = createServer((socket) => {
      const line = new TcpLine(socket)
      this.#lines.add(line)
      void line.closed.then(() => this.#lines.delete(line))
      void take(line)
    })
    this.#server.maxConnections = limits.pipes.total
  }

  /** Undefined while it is closed. */
  get address(): TcpAddress | undefined {
    const bound = this.#server.address() as AddressInfo | null
    return bound == null ? undefined : { host: bound.address, port: bound.port }
  }

  /** @throws what the system says, such as `EADDRINUSE` */
  async open(): Promise<void> {
    this.#server.listen(this.#at)
    await once(this.#server, 'listening')
  }

  /** Takes no more, and cuts what is still there. */
  async close(reason: Error): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const line of this.#lines) line.abort(reason)
    await closed
  }
}
