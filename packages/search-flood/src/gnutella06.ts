/**
 * @packageDocumentation
 *
 * Gnutella 0.6 as the servents of 2001 to today speak it: bytes to plain objects and back, for
 * whoever wants to talk to them, or to read what was recorded. It opens no connection and keeps no
 * clock. Decoders return a `WireError` for bytes that break the protocol; they never throw.
 *
 * @example
 *
 * ```ts
 * import { decodeMessage, encodeMessage } from '@peerage/search-flood/gnutella06'
 *
 * const flags = { firewalled: false, xml: false, leafGuided: true, outOfBand: false, rest: 0 }
 * const payload = { type: 'query', flags, text: 'blue train', extensions: [] } as const
 * const guid = crypto.getRandomValues(new Uint8Array(16))
 * const bytes = encodeMessage({ guid, ttl: 3, hops: 0, payload })
 * decodeMessage(bytes) // the same again
 * ```
 */

export type { Address } from './gnutella06/address.ts'
export { encodeHandshake, readHandshake, type HandshakeGroup } from './gnutella06/handshake.ts'
export { HandshakeReader } from './gnutella06/handshake-reader.ts'
export { formatHosts, parseHosts } from './gnutella06/hosts.ts'
export { ggepNamed, type Extension } from './gnutella06/extensions.ts'
export {
  decodeGgep,
  deflatedGgep,
  encodeGgep,
  ggepData,
  type GgepExtension
} from './gnutella06/ggep.ts'
export {
  codes,
  decodeHeader,
  encodeHeader,
  headerLength,
  type Header
} from './gnutella06/header.ts'
export { headerOf, type HeaderLine } from './gnutella06/headers.ts'
export { limits } from './gnutella06/limits.ts'
export {
  decodeMessage,
  encodeMessage,
  type Message,
  type Payload,
  type Unknown
} from './gnutella06/message.ts'
export { gnutellaMessages } from './gnutella06/message-stream.ts'
export type { Bye } from './gnutella06/payloads/bye.ts'
export type { HitFlags } from './gnutella06/payloads/hit-flags.ts'
export type { HitResult } from './gnutella06/payloads/hit-result.ts'
export { privateGgep, type HitTrailer } from './gnutella06/payloads/hit-trailer.ts'
export type { Ping, Pong } from './gnutella06/payloads/ping-pong.ts'
export type { Push } from './gnutella06/payloads/push.ts'
export type { Query } from './gnutella06/payloads/query.ts'
export type { QueryFlags } from './gnutella06/payloads/query-flags.ts'
export type { QueryHit } from './gnutella06/payloads/query-hit.ts'
export type { Patch, Reset } from './gnutella06/payloads/route-table.ts'
export type { VendorMessage } from './gnutella06/payloads/vendor.ts'
export { qrpHash } from './gnutella06/qrp/hash.ts'
export { RouteTableReceiver, type RouteTableReceiverInit } from './gnutella06/qrp/receiver.ts'
export { RouteTable, type RouteTableInit } from './gnutella06/qrp/route-table.ts'
export { updateMessages, type UpdateInit } from './gnutella06/qrp/update.ts'
export { fileWords, queryWords } from './gnutella06/qrp/words.ts'
export {
  decodeHashExtension,
  encodeHashExtension,
  formatUrn,
  parseUrn,
  type FileHash
} from './gnutella06/urn.ts'
