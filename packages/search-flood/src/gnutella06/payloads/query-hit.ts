import { WireError } from '@peerage/wire'
import { encodeIp, readAddress, type Address } from '../address.ts'
import { joined, u16, u32, viewOf } from '../bytes.ts'
import { guidLength } from '../header.ts'
import { decodeHitResult, encodeHitResult, type HitResult } from './hit-result.ts'
import { decodeHitTrailer, encodeHitTrailer, type HitTrailer } from './hit-trailer.ts'

/** What one servent has for a query, with the query's GUID in the header (draft §2.2.6). */
export interface QueryHit {
  readonly type: 'query-hit'
  /** where the files can be fetched */
  readonly address: Address
  /** kbit/s */
  readonly speed: number
  /** at most 255 */
  readonly results: readonly HitResult[]
  /** undefined with clients of version 0.4 */
  readonly trailer: HitTrailer | undefined
  /** 16 bytes: whom a push has to name */
  readonly servent: Uint8Array
}

const fixedLength = 11

/** @throws WireError when there are more than 255 results, or the servent's GUID is no GUID */
export function encodeQueryHit(hit: QueryHit): Uint8Array {
  const { address, speed, results, trailer, servent } = hit
  if (results.length > 255) throw new WireError('a query hit has at most 255 results')
  if (servent.byteLength !== guidLength) throw new WireError(`a GUID has ${guidLength} bytes`)
  const parts = [Uint8Array.of(results.length), u16(address.port), encodeIp(address.ip), u32(speed)]
  parts.push(...results.map(encodeHitResult))
  if (trailer != null) parts.push(encodeHitTrailer(trailer))
  return joined([...parts, servent])
}

export function decodeQueryHit(bytes: Uint8Array): QueryHit | WireError {
  const guidAt = bytes.byteLength - guidLength
  if (guidAt < fixedLength) return new WireError('a query hit is cut short')
  const body = bytes.subarray(0, guidAt)
  const results: HitResult[] = []
  let at = fixedLength
  while (results.length < bytes[0]!) {
    const next = decodeHitResult(body, at)
    if (next instanceof WireError) return next
    results.push(next.result)
    at = next.end
  }
  const trailer = at === guidAt ? undefined : decodeHitTrailer(body.subarray(at))
  if (trailer instanceof WireError) return trailer
  return {
    type: 'query-hit',
    address: readAddress(bytes, 1, 3),
    speed: viewOf(bytes).getUint32(7, true),
    results,
    trailer,
    servent: bytes.slice(guidAt)
  }
}
