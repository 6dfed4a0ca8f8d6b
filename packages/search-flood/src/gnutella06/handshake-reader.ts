import { WireError } from '@peerage/wire'
import { joined } from './bytes.ts'
import { readHandshake, type HandshakeGroup } from './handshake.ts'

/**
 * What the other side of a handshake says, out of bytes as they come. Whoever is called hears a
 * `connect` and then a response to its own response; the caller hears one response.
 */
export class HandshakeReader {
  #bytes: Uint8Array = new Uint8Array(0)
  /** the groups still to come */
  #expected: readonly HandshakeGroup['type'][]
  #failed: WireError | undefined

  /** @param side which one we are */
  constructor(side: 'caller' | 'called') {
    this.#expected = side === 'caller' ? ['response'] : ['connect', 'response']
  }

  /** Whether the other side has said its last word: what it says next are messages, or nothing. */
  get done(): boolean {
    return this.#expected.length === 0
  }

  /** Bytes after the last group: the first of the messages. */
  get rest(): Uint8Array {
    return this.#bytes
  }

  /** Takes the next bytes off the stream, until it is {@link done}. */
  push(bytes: Uint8Array): void {
    if (this.#failed == null) this.#bytes = joined([this.#bytes, bytes])
  }

  /** The next group, undefined when more bytes are needed or it is done. An error is the end. */
  next(): HandshakeGroup | WireError | undefined {
    if (this.#failed != null || this.done) return this.#failed
    const read = readHandshake(this.#bytes)
    if (read === undefined) return undefined
    if (read instanceof WireError) return this.#fail(read)
    const { group, length } = read
    const [expected, ...later] = this.#expected
    if (group.type !== expected) {
      return this.#fail(
        new WireError(`a handshake goes on with a ${group.type} in place of a ${expected}`)
      )
    }
    this.#bytes = this.#bytes.slice(length)
    const refused = group.type === 'response' && group.code !== 200
    this.#expected = refused ? [] : later
    return group
  }

  #fail(fault: WireError): WireError {
    this.#failed = fault
    this.#bytes = new Uint8Array(0)
    return fault
  }
}
