import { ByteQueue, WireError, type FrameReader, type Framing } from '@peerage/wire'
import { decodeHeader, headerLength, type Header } from './header.ts'
import { decodePayload, encodeMessage, type Message } from './message.ts'

/**
 * Messages for a channel, once the handshake is over and with any compression taken off. A bad
 * payload costs that message alone; a bad header is the end, for nobody can tell where the next
 * message begins. There is no goodbye but the `bye`, which is a message.
 */
export function gnutellaMessages(): Framing<Message> {
  return { encode: encodeMessage, reader: () => new MessageReader() }
}

class MessageReader implements FrameReader<Message> {
  readonly #bytes = new ByteQueue()
  #header: Header | undefined
  #failed: WireError | undefined

  push(bytes: Uint8Array): void {
    if (this.#failed == null) this.#bytes.push(bytes)
  }

  next(): Message | WireError | undefined {
    this.#failed ??= this.#readHeader()
    if (this.#failed != null) return this.#failed
    if (this.#header == null || this.#bytes.length < this.#header.length) return undefined
    const { guid, code, ttl, hops, length } = this.#header
    this.#header = undefined
    const payload = decodePayload(code, this.#bytes.take(length))
    return payload instanceof WireError ? payload : { guid, ttl, hops, payload }
  }

  #readHeader(): WireError | undefined {
    if (this.#header != null || this.#bytes.length < headerLength) return undefined
    const header = decodeHeader(this.#bytes.take(headerLength))
    if (header instanceof WireError) return header
    this.#header = header
    return undefined
  }
}
