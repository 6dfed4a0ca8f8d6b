import { TooLargeError, WireError } from '../errors.ts'
import type { Codec, FrameReader, Framing } from '../framing.ts'
import { limits } from '../limits.ts'
import { ByteQueue } from './byte-queue.ts'

export interface LengthPrefixedInit {
  /** largest frame in bytes, without prefix @default 32_768 */
  maxFrame?: number
}

/**
 * Frames behind a varint length of at most three bytes. A frame of no bytes is the goodbye, so a
 * codec never gets one and must not make one.
 */
export function lengthPrefixed<Frame>(
  codec: Codec<Frame>,
  init: LengthPrefixedInit = {}
): Framing<Frame> {
  const maxFrame = init.maxFrame ?? limits.maxFrame
  return {
    goodbye: new Uint8Array([0]),
    encode: (frame) => {
      const body = codec.encode(frame)
      if (body.byteLength === 0)
        throw new TypeError('an empty frame means goodbye: give the message a field')
      if (body.byteLength > maxFrame) {
        throw new TooLargeError(
          `a frame of ${body.byteLength} bytes is over the limit of ${maxFrame}`
        )
      }
      return [encodePrefix(body.byteLength), body]
    },
    reader: () => new LengthPrefixedReader(codec, maxFrame)
  }
}

class LengthPrefixedReader<Frame> implements FrameReader<Frame> {
  readonly #codec: Codec<Frame>
  readonly #maxFrame: number
  readonly #bytes = new ByteQueue()
  /** length of the frame being collected, once its prefix is whole */
  #expected: number | undefined

  constructor(codec: Codec<Frame>, maxFrame: number) {
    this.#codec = codec
    this.#maxFrame = maxFrame
  }

  push(bytes: Uint8Array): void {
    this.#bytes.push(bytes)
  }

  next(): Frame | WireError | 'goodbye' | undefined {
    if (this.#expected == null) {
      const length = this.#readPrefix()
      if (typeof length !== 'number') return length
      if (length === 0) return 'goodbye'
      if (length > this.#maxFrame) {
        return new WireError(`a frame of ${length} bytes is over the limit of ${this.#maxFrame}`)
      }
      this.#expected = length
    }
    if (this.#bytes.length < this.#expected) return undefined
    const body = this.#bytes.take(this.#expected)
    this.#expected = undefined
    return this.#codec.decode(body)
  }

  /** Refuses on the very byte that makes the prefix too long, without waiting for the next one. */
  #readPrefix(): number | WireError | undefined {
    let length = 0
    for (let i = 0; i < this.#bytes.length; i++) {
      const byte = this.#bytes.at(i)
      length |= (byte & 0x7f) << (7 * i)
      if (byte < 0x80) {
        if (byte === 0 && i > 0) return new WireError('a length prefix is padded with zeros')
        this.#bytes.skip(i + 1)
        return length
      }
      if (i + 1 === limits.maxPrefix) {
        return new WireError(`a length prefix is over ${limits.maxPrefix} bytes`)
      }
    }
    return undefined
  }
}

function encodePrefix(length: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) {
      bytes.push(rest)
      return Uint8Array.from(bytes)
    }
    bytes.push((rest & 0x7f) | 0x80)
  }
}
