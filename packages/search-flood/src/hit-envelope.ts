import type { PrivateKey, Record } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { RecordEnvelope } from '@libp2p/peer-record'
import { decodeHitRecord, encodeHitRecord, type HitRecord } from './codec/hit-record.ts'
import type { FloodResult } from './core/vocabulary.ts'
import { limits } from './limits.ts'

/** What keeps a signature over a hit from being taken for one over anything else. */
const HIT_DOMAIN = 'peerage-search-hit'

const payloadType = new TextEncoder().encode('/peerage/search-hit')

/** A hit record as libp2p's envelopes want it. */
class HitPayload implements Record {
  readonly domain = HIT_DOMAIN
  readonly codec = payloadType
  readonly #bytes: Uint8Array

  constructor(record: HitRecord) {
    this.#bytes = encodeHitRecord(record)
  }

  marshal(): Uint8Array {
    return this.#bytes
  }

  equals(other: Record): boolean {
    const bytes = other.marshal()
    return bytes.length === this.#bytes.length && bytes.every((byte, i) => byte === this.#bytes[i])
  }
}

/** Signs a hit record. */
export async function sealHits(
  record: HitRecord,
  privateKey: PrivateKey,
  signal?: AbortSignal
): Promise<Uint8Array> {
  const envelope = await RecordEnvelope.seal(new HitPayload(record), privateKey, { signal })
  return envelope.marshal()
}

export interface OpenHitsInit {
  /** what the hits must be an answer to */
  queryId: Uint8Array
  /** our wall clock, in milliseconds since 1970 */
  time: number
  signal?: AbortSignal
}

/**
 * Opens an envelope a peer sent: the signature must hold, be the responder's own, be for this
 * query, and be recent. What is wrong comes back as a value.
 */
export async function openHits(bytes: Uint8Array, init: OpenHitsInit): Promise<FloodResult> {
  try {
    const { signal } = init
    const envelope = await RecordEnvelope.openAndCertify(bytes, HIT_DOMAIN, { signal })
    const record = decodeHitRecord(envelope.payload)
    if (record instanceof Error) return failed(record.message)
    const signer = peerIdFromPublicKey(envelope.publicKey)
    if (!equalBytes(signer.toMultihash().bytes, record.responder)) {
      return failed('a hit is signed by somebody else than its responder')
    }
    if (!equalBytes(record.queryId, init.queryId)) {
      return failed('a hit is signed for another query')
    }
    if (Math.abs(record.time - init.time) > limits.freshness) {
      return failed('a hit was signed too long ago, or one of two clocks is wrong')
    }
    const { items, addresses } = record
    return { type: 'verified', responder: signer.toString(), items, addresses }
  } catch (error) {
    return failed(`a hit's envelope does not hold: ${String(error)}`)
  }
}

function failed(reason: string): FloodResult {
  return { type: 'failed', reason }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i])
}
