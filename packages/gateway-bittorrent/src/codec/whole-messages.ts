import { handshakeLength } from '@peerage/swarm'
import { ByteQueue, WireError, type FrameReader, type Framing } from '@peerage/wire'
import { limits } from '../limits.ts'

/**
 * BitTorrent's peer wire, cut into whole messages but not read: a handshake first, then messages
 * with their lengths. A gateway carries what it does not know, such as a later BEP's messages.
 */
export function wholeMessages(): Framing<Uint8Array> {
  return { encode: (message) => message, reader: wholeMessageReader }
}

/** The same for bytes that come off a socket. */
export function wholeMessageReader(): FrameReader<Uint8Array> {
  return new WholeMessageReader()
}

class WholeMessageReader implements FrameReader<Uint8Array> {
  readonly #bytes = new ByteQueue()
  #shaken = false

  push(bytes: Uint8Array): void {
    this.#bytes.push(bytes)
  }

  next(): Uint8Array | WireError | undefined {
    if (!this.#shaken) {
      if (this.#bytes.length < handshakeLength) return undefined
      this.#shaken = true
      return this.#bytes.take(handshakeLength)
    }
    if (this.#bytes.length < 4) return undefined
    const length = this.#peekLength()
    if (length > limits.wire.message) {
      return new WireError(`a message of ${length} bytes is over the limit`)
    }
    return this.#bytes.length < 4 + length ? undefined : this.#bytes.take(4 + length)
  }

  #peekLength(): number {
    const [a, b, c, d] = [0, 1, 2, 3].map((at) => this.#bytes.at(at)) as [
      number,
      number,
      number,
      number
    ]
    // multiplied, not shifted: a length past 2^31 must not become negative
    return a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  }
}
