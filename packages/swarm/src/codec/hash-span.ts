import { WireError } from '@peerage/wire'
import { limits } from '../limits.ts'
import { hashLength } from './merkle.ts'

/** Some hashes in a row of one layer of a file's hash tree, and their proof (BEP 52). */
export interface HashSpan {
  /** the file's pieces root, 32 bytes */
  readonly root: Uint8Array
  /** layers between the leaves and the one that is meant */
  readonly base: number
  /** the first hash in that layer; a multiple of `length` */
  readonly index: number
  /** how many; a power of two */
  readonly length: number
  /** layers above `base` in which the hashes beside the path to the root are to come, too */
  readonly proofs: number
}

/** Bytes of a span in a message. */
export const hashSpanLength = hashLength + 16

export function encodeHashSpan({ root, base, index, length, proofs }: HashSpan): Uint8Array {
  const bytes = new Uint8Array(hashSpanLength)
  bytes.set(root)
  const view = new DataView(bytes.buffer, hashLength)
  ;[base, index, length, proofs].forEach((field, i) => {
    view.setUint32(4 * i, field)
  })
  return bytes
}

/** @param bytes at least {@link hashSpanLength} of them */
export function decodeHashSpan(bytes: Uint8Array): HashSpan {
  const view = new DataView(bytes.buffer, bytes.byteOffset + hashLength)
  return {
    root: bytes.slice(0, hashLength),
    base: view.getUint32(0),
    index: view.getUint32(4),
    length: view.getUint32(8),
    proofs: view.getUint32(12)
  }
}

/** What of BEP 52's rules a span breaks, whatever the tree; undefined when it keeps them. */
export function hashSpanFault({ index, length }: HashSpan): WireError | undefined {
  const most = limits.hashes.length
  if (length < 2 || length > most || !Number.isInteger(Math.log2(length))) {
    return new WireError(`${length} hashes at a time: they are a power of two from 2 to ${most}`)
  }
  if (index % length === 0) return undefined
  return new WireError(`${length} hashes from ${index} on, which is no multiple of their number`)
}

/**
 * Hashes of the proof that travel with a span: one a layer, but for the layers that the span itself
 * makes. The nearest of them is at the height of the span's own root.
 */
export function unclesIn({ length, proofs }: HashSpan): number {
  return Math.max(0, proofs - (Math.log2(length) - 1))
}

/** @param bytes what follows the number of a `hashes` message */
export function decodeHashes(
  bytes: Uint8Array
): ({ type: 'hashes'; hashes: Uint8Array } & HashSpan) | WireError {
  const span = decodeHashSpan(bytes)
  const fault = hashSpanFault(span)
  if (fault !== undefined) return fault
  const hashes = bytes.subarray(hashSpanLength)
  const count = span.length + unclesIn(span)
  if (hashes.length === count * hashLength) return { type: 'hashes', hashes, ...span }
  return new WireError(`${hashes.length} bytes of hashes where ${count} hashes belong`)
}
