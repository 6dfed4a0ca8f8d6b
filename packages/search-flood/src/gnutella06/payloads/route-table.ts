import { WireError } from '@peerage/wire'
import { joined, u32, viewOf } from '../bytes.ts'
import { limits } from '../limits.ts'

/** The sender's route table is empty, and of this size (QRP 1.0): all queries go to it until it is filled. */
export interface Reset {
  readonly type: 'reset'
  /** a power of two */
  readonly slots: number
  /** the distance that means "nowhere" */
  readonly infinity: number
}

/** A part of a change to the table since the last one. */
export interface Patch {
  readonly type: 'patch'
  /** 1 to `of`, in order */
  readonly sequence: number
  /** parts this change has */
  readonly of: number
  /** whether the parts, put together, are zlib data */
  readonly compressed: boolean
  /** bits of a slot's difference, its sign included */
  readonly entryBits: 4 | 8
  readonly data: Uint8Array
}

const variant = { reset: 0, patch: 1 }
const resetLength = 6
const patchLength = 5

export function encodeReset({ slots, infinity }: Reset): Uint8Array {
  return joined([Uint8Array.of(variant.reset), u32(slots), Uint8Array.of(infinity)])
}

export function encodePatch({ sequence, of, compressed, entryBits, data }: Patch): Uint8Array {
  return joined([Uint8Array.of(variant.patch, sequence, of, compressed ? 1 : 0, entryBits), data])
}

/** @returns undefined for a variant that came later */
export function decodeRouteTable(bytes: Uint8Array): Reset | Patch | WireError | undefined {
  switch (bytes[0]) {
    case undefined:
      return new WireError('a route table update is empty')
    case variant.reset:
      return decodeReset(bytes)
    case variant.patch:
      return decodePatch(bytes)
    default:
      return undefined
  }
}

function decodeReset(bytes: Uint8Array): Reset | WireError {
  if (bytes.byteLength !== resetLength) return new WireError('a reset is not six bytes long')
  const slots = viewOf(bytes).getUint32(1, true)
  const infinity = bytes[5]!
  if (!isTableSize(slots)) return new WireError(`a route table cannot have ${slots} slots`)
  if (!isInfinity(infinity)) return new WireError(`a route table cannot reach to ${infinity}`)
  return { type: 'reset', slots, infinity }
}

function decodePatch(bytes: Uint8Array): Patch | WireError {
  if (bytes.byteLength < patchLength) return new WireError('a patch is cut short')
  const [sequence, of, compressor, entryBits] = [bytes[1]!, bytes[2]!, bytes[3]!, bytes[4]!]
  if (sequence === 0 || sequence > of)
    return new WireError(`a patch is number ${sequence} of ${of}`)
  if (compressor > 1) return new WireError(`a patch is compressed by method ${compressor}`)
  if (entryBits !== 4 && entryBits !== 8) {
    return new WireError(`a patch has ${entryBits} bits a slot, not 4 or 8`)
  }
  return {
    type: 'patch',
    sequence,
    of,
    compressed: compressor === 1,
    entryBits,
    data: bytes.slice(patchLength)
  }
}

/** Whether a table may have so many slots: a power of two within the limits. */
export function isTableSize(slots: number): boolean {
  const { minSlots, maxSlots } = limits.routeTable
  return slots >= minSlots && slots <= maxSlots && (slots & (slots - 1)) === 0
}

/** Whether a distance may stand for "nowhere". */
export function isInfinity(distance: number): boolean {
  const { minInfinity, maxInfinity } = limits.routeTable
  return distance >= minInfinity && distance <= maxInfinity
}
