import type { FrameReader, Framing } from '../framing.ts'

/**
 * A channel of plain bytes: what arrives is handed on in the slices it came in, with no borders
 * between messages and no goodbye. For protocols that bring their own framing and their own end.
 */
export function rawBytes(): Framing<Uint8Array> {
  return { encode: (bytes) => bytes, reader: () => new SliceReader() }
}

class SliceReader implements FrameReader<Uint8Array> {
  #slice: Uint8Array | undefined

  push(bytes: Uint8Array): void {
    // the channel asks for all that is here before it pushes more
    this.#slice = bytes
  }

  next(): Uint8Array | undefined {
    const slice = this.#slice
    this.#slice = undefined
    return slice
  }
}
