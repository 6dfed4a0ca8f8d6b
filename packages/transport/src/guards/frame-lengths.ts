import type { MessageStream, StreamMessageEvent } from '@libp2p/interface'
import { FrameTooLongError } from '../errors.ts'

type Bytes = StreamMessageEvent['data']

/** yamux: version, type, flags (2), stream id (4), length (4) */
const headerLength = 12
const dataFrame = 0

/**
 * Reads yamux headers as they pass and refuses a data frame longer than the largest window we
 * grant, as soon as its header is complete. Costs nothing per payload byte.
 */
export class FrameLengths {
  readonly #max: number
  readonly #header = new Uint8Array(headerLength)
  #have = 0
  #payload = 0

  constructor(max: number) {
    this.#max = max
  }

  push(data: Bytes): FrameTooLongError | undefined {
    for (const part of data instanceof Uint8Array ? [data] : data) {
      const error = this.#part(part)
      if (error !== undefined) return error
    }
    return undefined
  }

  #part(part: Uint8Array): FrameTooLongError | undefined {
    let at = 0
    while (at < part.length) {
      const skip = Math.min(this.#payload, part.length - at)
      this.#payload -= skip
      at += skip
      const take = Math.min(headerLength - this.#have, part.length - at)
      this.#header.set(part.subarray(at, at + take), this.#have)
      this.#have += take
      at += take
      if (this.#have === headerLength) {
        const error = this.#frame()
        if (error !== undefined) return error
      }
    }
    return undefined
  }

  #frame(): FrameTooLongError | undefined {
    this.#have = 0
    if (this.#header[1] !== dataFrame) return undefined
    this.#payload = new DataView(this.#header.buffer).getUint32(8)
    if (this.#payload <= this.#max) return undefined
    return new FrameTooLongError(
      `the peer announced a frame of ${this.#payload} bytes, more than the ${this.#max} it may send; ` +
        'the connection was closed, nothing needs doing'
    )
  }
}

/** Calls `refuse` with the first frame that is too long; the muxer does not see it. */
export function watchFrameLengths(
  connection: MessageStream,
  max: number,
  refuse: (error: FrameTooLongError) => void
): void {
  const frames = new FrameLengths(max)
  const look = (event: StreamMessageEvent): void => {
    const error = frames.push(event.data)
    if (error === undefined) return
    connection.removeEventListener('message', look)
    event.stopImmediatePropagation()
    refuse(error)
  }
  connection.addEventListener('message', look)
}
