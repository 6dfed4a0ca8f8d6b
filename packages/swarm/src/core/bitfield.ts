import { WireError } from '@peerage/wire'

/** Which pieces somebody has: one bit a piece, high bit first, spare bits zero (BEP 3). */
export class Bitfield {
  readonly length: number
  readonly #bits: Uint8Array
  #count = 0

  /** @param length pieces */
  constructor(length: number) {
    this.length = length
    this.#bits = new Uint8Array(Math.ceil(length / 8))
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length)
    field.#bits.fill(0xff)
    const spare = field.#bits.byteLength * 8 - length
    if (spare > 0) field.#bits[field.#bits.byteLength - 1] = 0xff & -(2 ** spare)
    field.#count = length
    return field
  }

  /** What a peer sent, if it is one bit a piece and no more. */
  static read(bytes: Uint8Array, length: number): Bitfield | WireError {
    const field = new Bitfield(length)
    if (bytes.byteLength !== field.#bits.byteLength) {
      return new WireError(`a bitfield of ${bytes.byteLength} bytes for ${length} pieces`)
    }
    const spare = bytes.byteLength * 8 - length
    if (spare > 0 && (bytes[bytes.byteLength - 1]! & (2 ** spare - 1)) !== 0) {
      return new WireError('a bitfield with spare bits set')
    }
    field.#bits.set(bytes)
    for (const byte of bytes) field.#count += bitsIn[byte]!
    return field
  }

  /** pieces that are set */
  get count(): number {
    return this.#count
  }

  get complete(): boolean {
    return this.#count === this.length
  }

  has(piece: number): boolean {
    return (this.#bits[piece >> 3]! & (0x80 >> (piece & 7))) !== 0
  }

  /** @returns false when it was set already */
  add(piece: number): boolean {
    if (this.has(piece)) return false
    this.#bits[piece >> 3]! |= 0x80 >> (piece & 7)
    this.#count++
    return true
  }

  /** @returns false when it was not set */
  delete(piece: number): boolean {
    if (!this.has(piece)) return false
    this.#bits[piece >> 3]! &= ~(0x80 >> (piece & 7))
    this.#count--
    return true
  }

  /** How many pieces are set here and there. */
  countIn(other: Bitfield): number {
    let count = 0
    for (let i = 0; i < this.#bits.length; i++) count += bitsIn[this.#bits[i]! & other.#bits[i]!]!
    return count
  }

  /** Adds `by` to the number of each piece that is set; without a branch, as half of them may be. */
  addTo(numbers: Uint32Array, by: 1 | -1): void {
    for (let piece = 0; piece < this.length; piece++) {
      numbers[piece]! += by * ((this.#bits[piece >> 3]! >> (7 - (piece & 7))) & 1)
    }
  }

  /** A copy of the bits as they go on the wire. */
  toBytes(): Uint8Array {
    return this.#bits.slice()
  }

  /** The pieces that are set, in order; bytes of zeros are passed over at once. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let byte = 0; byte < this.#bits.byteLength; byte++) {
      if (this.#bits[byte] === 0) continue
      for (let piece = byte * 8; piece < byte * 8 + 8; piece++) {
        if (piece < this.length && this.has(piece)) yield piece
      }
    }
  }
}

/** how many bits are set in each byte */
const bitsIn = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte.toString(2).replaceAll('0', '').length
)
