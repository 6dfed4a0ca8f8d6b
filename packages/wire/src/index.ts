/**
 * @packageDocumentation
 *
 * The one way Peerage modules touch libp2p streams.
 *
 * - An {@link Endpoint} speaks one protocol: it accepts and opens {@link Channel}s, and asks and
 *   answers requests.
 * - A {@link Channel} carries frames with back-pressure in both directions, deadlines and an
 *   explicit goodbye. A {@link ByteChannel} is the same without frames.
 * - A {@link Driver} runs a pure protocol {@link Core} on such channels.
 * - {@link PeerLedger}, {@link TokenBucket} and {@link BoundedMap} keep what peers can do to us small.
 *
 * @example
 *
 * ```ts
 * import { createEndpoint, lengthPrefixed } from '@peerage/wire'
 *
 * const text = {
 *   encode: (words: string) => new TextEncoder().encode(words),
 *   decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes)
 * }
 * const endpoint = createEndpoint(components, {
 *   protocol: '/greeting/1.0.0',
 *   framing: lengthPrefixed(text),
 *   onRequest: (words) => `hello ${words}`
 * })
 * ```
 */

export { systemClock, type Clock } from './clock.ts'
export { secureRandom } from './random.ts'
export { limits, type WireLimits } from './limits.ts'
export * from './errors.ts'
export type { Codec, FrameReader, Framing } from './framing.ts'
export { ByteQueue } from './codec/byte-queue.ts'
export { lengthPrefixed, type LengthPrefixedInit } from './codec/length-prefixed.ts'
export { rawBytes } from './codec/raw-bytes.ts'
export type { Core, Effect, Emit, Input, PeerKey, Random, Vocabulary } from './core/core.ts'
export { BoundedMap, type BoundedMapInit } from './core/bounded-map.ts'
export { TokenBucket, type TokenBucketInit } from './core/token-bucket.ts'
export { isLedgerRecord, type LedgerRecord } from './core/ledger-record.ts'
export { PeerLedger, type PeerLedgerInit, type Verdict } from './core/peer-ledger.ts'
export type { ByteChannel } from './byte-channel.ts'
export type { Channel } from './channel.ts'
export {
  createEndpoint,
  type Endpoint,
  type EndpointComponents,
  type EndpointInit
} from './endpoint.ts'
export { Driver, type DriverInit } from './driver.ts'
