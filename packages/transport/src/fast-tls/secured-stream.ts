import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import type { AbortOptions, MessageStream } from '@libp2p/interface'
import { AbstractMessageStream, type SendResult } from '@libp2p/utils'
import { Uint8ArrayList } from 'uint8arraylist'
import { limits } from '../limits.ts'

/** A TLS socket whose handshake is done, as the message stream libp2p multiplexes. */
export class SecuredStream extends AbstractMessageStream {
  readonly #tls: TLSSocket
  readonly #below: MessageStream
  readonly #closeBelow: MessageStream['close']
  #corked = false
  /** decrypted and not yet handed up */
  #gathered: Uint8Array[] = []

  /** @param below the connection TLS runs on */
  constructor(tls: TLSSocket, below: MessageStream) {
    super({
      log: below.log.newScope('fast-tls'),
      direction: below.direction,
      inactivityTimeout: below.inactivityTimeout,
      maxReadBufferLength: below.maxReadBufferLength
    })
    this.#tls = tls
    this.#below = below
    this.#closeBelow = below.close.bind(below)
    // libp2p closes the connection below, not this stream: what was sent here goes out first
    below.close = async (options) => this.close(options)
    below.addEventListener('close', ({ error, local }) => {
      this.#deliver()
      tls.destroy()
      if (error === undefined) this.onTransportClosed()
      else if (local === true) this.abort(error)
      else this.onRemoteReset()
    })
    tls.on('drain', () => this.safeDispatchEvent('drain'))
    tls.once('end', () => {
      this.#deliver()
      this.onTransportClosed()
    })
    tls.on('data', (bytes) => this.#gather(bytes))
  }

  sendData(data: Uint8ArrayList): SendResult {
    this.#cork()
    let canSendMore = true
    for (const part of data) canSendMore = this.#tls.write(part)
    return { sentBytes: data.byteLength, canSendMore }
  }

  /** Headers, blocks and window updates of one turn become one write. */
  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#tls.cork()
    process.nextTick(() => {
      this.#corked = false
      this.#tls.uncork()
    })
  }

  /** TLS hands out a record, 16 KiB, at a time; those of one look at the socket go up together. */
  #gather(bytes: Uint8Array): void {
    if (this.#gathered.push(bytes) === 1) setImmediate(this.#deliver)
  }

  readonly #deliver = (): void => {
    const gathered = this.#gathered
    if (gathered.length === 0) return
    this.#gathered = []
    this.onData(new Uint8ArrayList(...gathered))
  }

  sendPause(): void {
    this.#tls.pause()
  }

  sendResume(): void {
    this.#tls.resume()
  }

  sendReset(error: Error): void {
    this.#below.abort(error)
    this.#tls.destroy()
  }

  async close(options: AbortOptions = {}): Promise<void> {
    if (this.status === 'closing') return
    if (this.status === 'open') {
      this.status = 'closing'
      this.writeStatus = 'closing'
      const closed = once(this, 'close', options)
      if (this.writeBuffer.byteLength === 0) this.#end()
      else this.addEventListener('idle', () => this.#end(), { once: true })
      await closed
    }
    await this.#closeBelow(options)
  }

  /** A socket closed while bytes lie unread in it resets, and the peer loses what it has not read. */
  #end(): void {
    const tls = this.#tls
    tls.once('finish', () => {
      const timer = setTimeout(() => tls.destroy(), limits.lingerTimeout)
      tls.once('close', () => clearTimeout(timer))
    })
    tls.resume()
    tls.end()
  }
}
