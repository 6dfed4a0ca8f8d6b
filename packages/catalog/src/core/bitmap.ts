/** A growing set of small whole numbers, one bit each: the tombstones of removed records. */
export class Bitmap {
  #bits = new Uint32Array(32)

  has(number: number): boolean {
    return ((this.#bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0
  }

  add(number: number): void {
    const at = number >>> 5
    if (at >= this.#bits.length) {
      const grown = new Uint32Array(Math.max(at + 1, this.#bits.length * 2))
      grown.set(this.#bits)
      this.#bits = grown
    }
    this.#bits[at]! |= 1 << (number & 31)
  }

  delete(number: number): void {
    const at = number >>> 5
    if (at < this.#bits.length) this.#bits[at]! &= ~(1 << (number & 31))
  }
}
