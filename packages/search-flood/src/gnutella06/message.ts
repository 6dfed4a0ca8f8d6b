import { WireError } from '@peerage/wire'
import { joined } from './bytes.ts'
import { codes, decodeHeader, encodeHeader, headerLength, longestPayload } from './header.ts'
import { decodeBye, encodeBye, type Bye } from './payloads/bye.ts'
import { decodePing, decodePong, encodePing, encodePong } from './payloads/ping-pong.ts'
import type { Ping, Pong } from './payloads/ping-pong.ts'
import { decodePush, encodePush, type Push } from './payloads/push.ts'
import { decodeQuery, encodeQuery, type Query } from './payloads/query.ts'
import { decodeQueryHit, encodeQueryHit, type QueryHit } from './payloads/query-hit.ts'
import { decodeRouteTable, encodePatch, encodeReset } from './payloads/route-table.ts'
import type { Patch, Reset } from './payloads/route-table.ts'
import { decodeVendor, encodeVendor, type VendorMessage } from './payloads/vendor.ts'

/** A kind of message that is not spoken here: ignored, and not passed on. */
export interface Unknown {
  readonly type: 'unknown'
  readonly code: number
  readonly bytes: Uint8Array
}

/** What a message says. */
export type Payload =
  | Ping
  | Pong
  | Bye
  | Reset
  | Patch
  | VendorMessage
  | Push
  | Query
  | QueryHit
  | Unknown

/** A payload and what the header says of its way. */
export interface Message {
  /** 16 bytes */
  readonly guid: Uint8Array
  readonly ttl: number
  readonly hops: number
  readonly payload: Payload
}

/** @throws WireError when it is not one that {@link decodeMessage} takes */
export function encodeMessage({ guid, ttl, hops, payload }: Message): Uint8Array {
  const code = codeOf(payload)
  const body = encodePayload(payload)
  const most = longestPayload(code)
  if (body.byteLength > most) {
    throw new WireError(
      `a ${payload.type} of ${body.byteLength} bytes is over the limit of ${most}`
    )
  }
  return joined([encodeHeader({ guid, code, ttl, hops, length: body.byteLength }), body])
}

/** @param bytes one whole message */
export function decodeMessage(bytes: Uint8Array): Message | WireError {
  const header = decodeHeader(bytes)
  if (header instanceof WireError) return header
  const { guid, code, ttl, hops, length } = header
  if (bytes.byteLength !== headerLength + length) {
    return new WireError(`a message is not the ${length} bytes long that its header says`)
  }
  const payload = decodePayload(code, bytes.subarray(headerLength))
  return payload instanceof WireError ? payload : { guid, ttl, hops, payload }
}

/** @param code the payload's kind, as the header has it */
export function decodePayload(code: number, bytes: Uint8Array): Payload | WireError {
  switch (code) {
    case codes.ping:
      return decodePing(bytes)
    case codes.pong:
      return decodePong(bytes)
    case codes.bye:
      return decodeBye(bytes)
    case codes.routeTable:
      return decodeRouteTable(bytes) ?? { type: 'unknown', code, bytes: bytes.slice() }
    case codes.vendor:
    case codes.standardVendor:
      return decodeVendor(bytes, code === codes.standardVendor)
    case codes.push:
      return decodePush(bytes)
    case codes.query:
      return decodeQuery(bytes)
    case codes.queryHit:
      return decodeQueryHit(bytes)
    default:
      return { type: 'unknown', code, bytes: bytes.slice() }
  }
}

function encodePayload(payload: Payload): Uint8Array {
  switch (payload.type) {
    case 'ping':
      return encodePing(payload)
    case 'pong':
      return encodePong(payload)
    case 'bye':
      return encodeBye(payload)
    case 'reset':
      return encodeReset(payload)
    case 'patch':
      return encodePatch(payload)
    case 'vendor':
      return encodeVendor(payload)
    case 'push':
      return encodePush(payload)
    case 'query':
      return encodeQuery(payload)
    case 'query-hit':
      return encodeQueryHit(payload)
    case 'unknown':
      return payload.bytes
  }
}

function codeOf(payload: Payload): number {
  switch (payload.type) {
    case 'reset':
    case 'patch':
      return codes.routeTable
    case 'vendor':
      return payload.standard ? codes.standardVendor : codes.vendor
    case 'query-hit':
      return codes.queryHit
    case 'unknown':
      return payload.code
    default:
      return codes[payload.type]
  }
}
