import type { PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'

/** The bytes of a piece as they came, and who sent each block. */
export interface Assembled {
  bytes: Uint8Array
  /** by block */
  senders: PeerKey[]
}

/** Where blocks become pieces. */
export class Assembly {
  readonly #pieces = new Map<number, Assembled>()
  /** buffers of stored pieces, to be used again: fresh ones cost the kernel and the collector dear */
  readonly #spare: Uint8Array[] = []
  readonly #sizeOf: (piece: number) => number

  /** @param sizeOf bytes in a piece */
  constructor(sizeOf: (piece: number) => number) {
    this.#sizeOf = sizeOf
  }

  /** Copies the block, so that the chunk of stream it lies in can go. */
  add(piece: number, block: number, bytes: Uint8Array, from: PeerKey): void {
    let assembled = this.#pieces.get(piece)
    if (assembled == null) {
      assembled = { bytes: this.#buffer(this.#sizeOf(piece)), senders: [] }
      this.#pieces.set(piece, assembled)
    }
    assembled.bytes.set(bytes, block * limits.wire.block)
    assembled.senders[block] = from
  }

  get(piece: number): Assembled | undefined {
    return this.#pieces.get(piece)
  }

  drop(piece: number): void {
    this.#pieces.delete(piece)
  }

  /** Drops a piece whose bytes nobody holds any more: the next piece may come to lie in them. */
  recycle(piece: number): void {
    const { bytes } = this.#pieces.get(piece)!
    this.#pieces.delete(piece)
    const spare = this.#spare.length * bytes.byteLength
    if (spare + bytes.byteLength <= limits.picker.spareBytes) this.#spare.push(bytes)
  }

  #buffer(size: number): Uint8Array {
    if (this.#spare.at(-1)?.byteLength === size) return this.#spare.pop()!
    return new Uint8Array(size)
  }
}

/** Who sent blocks of a piece, whoever sent most first. */
export function givers(senders: readonly PeerKey[]): PeerKey[] {
  const blocks = new Map<PeerKey, number>()
  for (const peer of senders) blocks.set(peer, (blocks.get(peer) ?? 0) + 1)
  return [...blocks.keys()].sort((a, b) => blocks.get(b)! - blocks.get(a)!)
}
