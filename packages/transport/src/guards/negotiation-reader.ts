import type { StreamMessageEvent } from '@libp2p/interface'
import { NegotiationError } from '../errors.ts'
import { limits } from '../limits.ts'

type Bytes = StreamMessageEvent['data']

/** The header both sides send first (multistream-select 1.0). */
export const multistreamHeader = '/multistream/1.0.0'

/**
 * Follows one direction of a multistream-select negotiation: messages with a varint length prefix
 * that end in a newline. Says when the negotiation is over, and refuses what no honest peer sends:
 * a prefix or message over its limit, too many bytes in all.
 */
export class NegotiationReader {
  readonly #accepts: (protocol: string) => boolean
  #seen = 0
  #prefix = 0
  #prefixBytes = 0
  #message: number[] = []
  #missing = 0

  /** @param accepts whether this message ends the negotiation */
  constructor(accepts: (protocol: string) => boolean) {
    this.#accepts = accepts
  }

  /** `done` ends the reader's life, and so does an error. */
  push(data: Bytes): 'more' | 'done' | NegotiationError {
    for (const part of data instanceof Uint8Array ? [data] : data) {
      for (const byte of part) {
        const verdict = this.#byte(byte)
        if (verdict !== 'more') return verdict
      }
    }
    return 'more'
  }

  #byte(byte: number): 'more' | 'done' | NegotiationError {
    this.#seen++
    if (this.#seen > limits.maxNegotiationBytes) return broken('sent too much')
    if (this.#missing === 0) return this.#prefixByte(byte)
    this.#message.push(byte)
    this.#missing--
    return this.#missing === 0 ? this.#end() : 'more'
  }

  #prefixByte(byte: number): 'more' | NegotiationError {
    this.#prefix |= (byte & 0x7f) << (7 * this.#prefixBytes)
    this.#prefixBytes++
    if (byte >= 0x80) {
      return this.#prefixBytes < limits.maxNegotiationPrefix
        ? 'more'
        : broken('sent too long a prefix')
    }
    if (this.#prefix === 0) return broken('sent an empty message')
    if (this.#prefix > limits.maxNegotiationMessage) return broken('announced too long a message')
    this.#missing = this.#prefix
    this.#prefix = this.#prefixBytes = 0
    return 'more'
  }

  #end(): 'more' | 'done' {
    const text = new TextDecoder().decode(Uint8Array.from(this.#message)).trimEnd()
    this.#message = []
    return text !== multistreamHeader && this.#accepts(text) ? 'done' : 'more'
  }
}

function broken(what: string): NegotiationError {
  return new NegotiationError(
    `the peer ${what} while agreeing on a protocol; the stream was closed, nothing needs doing`
  )
}
