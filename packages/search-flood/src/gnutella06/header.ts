import { WireError } from '@peerage/wire'
import { joined, u32, viewOf } from './bytes.ts'
import { limits } from './limits.ts'

/** The first 23 bytes of every message (draft §2.2.1). */
export interface Header {
  /** 16 bytes, the same in a message and all answers to it; byte 8 is FF in a modern servent's */
  readonly guid: Uint8Array
  /** what the payload is, such as 0x80 */
  readonly code: number
  /** how many more servents may see the message */
  readonly ttl: number
  /** how many have passed it on */
  readonly hops: number
  /** bytes of payload: the only framing there is */
  readonly length: number
}

/** Bytes of a header. */
export const headerLength = 23

/** Bytes of a GUID. */
export const guidLength = 16

/** @throws WireError when the GUID is of another length */
export function encodeHeader({ guid, code, ttl, hops, length }: Header): Uint8Array {
  if (guid.byteLength !== guidLength) throw new WireError(`a GUID has ${guidLength} bytes`)
  return joined([guid, Uint8Array.of(code, ttl, hops), u32(length)])
}

/**
 * @param bytes at least {@link headerLength} of them
 * @returns an error as well for a payload over its limit: what follows could be anything, so the
 * link has to be closed
 */
export function decodeHeader(bytes: Uint8Array): Header | WireError {
  if (bytes.byteLength < headerLength) return new WireError('a message header is cut short')
  const code = bytes[16]!
  const length = viewOf(bytes).getUint32(19, true)
  const most = longestPayload(code)
  if (length > most) {
    const kind = code.toString(16).padStart(2, '0')
    return new WireError(
      `a payload of ${length} bytes is over the limit of ${most} for kind 0x${kind}`
    )
  }
  return { guid: bytes.slice(0, guidLength), code, ttl: bytes[17]!, hops: bytes[18]!, length }
}

/** Payload kinds by name. */
export const codes = {
  ping: 0x00,
  pong: 0x01,
  bye: 0x02,
  routeTable: 0x30,
  vendor: 0x31,
  standardVendor: 0x32,
  push: 0x40,
  query: 0x80,
  queryHit: 0x81
} as const

const longest = new Map<number, number>([
  [codes.ping, limits.payload.ping],
  [codes.pong, limits.payload.pong],
  [codes.bye, limits.payload.bye],
  [codes.routeTable, limits.payload.routeTable],
  [codes.vendor, limits.payload.vendor],
  [codes.standardVendor, limits.payload.vendor],
  [codes.push, limits.payload.push],
  [codes.query, limits.payload.query],
  [codes.queryHit, limits.payload.queryHit]
])

/** Bytes a payload of some kind may have. */
export function longestPayload(code: number): number {
  return longest.get(code) ?? limits.payload.unknown
}
