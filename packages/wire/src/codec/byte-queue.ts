/** Bytes in arrival order; taking from the middle of one chunk copies nothing. */
export class ByteQueue {
  #chunks: Uint8Array[] = []
  /** chunks before this index are used up; the array is trimmed now and then, not at every take */
  #head = 0
  #offset = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return
    this.#chunks.push(bytes)
    this.#length += bytes.byteLength
  }

  /** The byte at `index`; the caller has checked `length`. */
  at(index: number): number {
    let rest = index + this.#offset
    for (let i = this.#head; ; i++) {
      const chunk = this.#chunks[i]!
      if (rest < chunk.byteLength) return chunk[rest]!
      rest -= chunk.byteLength
    }
  }

  /**
   * The next `count` bytes, as a view where they lie in one chunk; the caller has checked `length`.
   *
   * @param scratch where bytes that lie in several chunks are put together, at least as long; what
   * was taken into it before is gone @default a new array
   */
  take(count: number, scratch?: Uint8Array): Uint8Array {
    const first = this.#chunks[this.#head]
    if (count === 0 || first == null) return new Uint8Array(0)
    if (first.byteLength - this.#offset >= count) {
      const view = first.subarray(this.#offset, this.#offset + count)
      this.skip(count)
      return view
    }
    const bytes = scratch?.subarray(0, count) ?? new Uint8Array(count)
    for (let filled = 0; filled < count;) {
      const rest = this.#chunks[this.#head]!.subarray(this.#offset)
      const part = rest.subarray(0, count - filled)
      bytes.set(part, filled)
      filled += part.byteLength
      this.skip(part.byteLength)
    }
    return bytes
  }

  /** Forgets the next `count` bytes; the caller has checked `length`. */
  skip(count: number): void {
    this.#length -= count
    this.#offset += count
    for (;;) {
      const chunk = this.#chunks[this.#head]
      if (chunk == null || this.#offset < chunk.byteLength) break
      this.#offset -= chunk.byteLength
      this.#head++
    }
    if (this.#head > 64 || this.#head === this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#head)
      this.#head = 0
    }
  }
}
