import { WireError } from '@peerage/wire'
import { BencodeError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBencode, decodePrefix, type BencodeDictionary } from './bencode.ts'
import { encodeBencode } from './bencode-encode.ts'
import { isDictionary } from './fields.ts'

/** The number by which peers send us `ut_metadata`; each side gives out its own (BEP 10). */
export const ourMetadataId = 1

/** … and `lt_donthave` (BEP 54) */
export const ourDontHaveId = 2

/** What a peer says of itself in the extended handshake (BEP 10). */
export interface ExtendedHandshake {
  /** the number its `ut_metadata` messages must carry; undefined when it has none (BEP 9) */
  metadataId?: number
  /** bytes of its info dictionary, when it has it */
  metadataSize?: number
  /** requests it keeps waiting before it ignores more */
  requestQueue?: number
  /** it wants nothing, whether or not it has everything (BEP 21) */
  uploadOnly?: boolean
  /** the number its `pg_pex` messages must carry; 0 when it wants none any more */
  pexId?: number
  /** the number its `lt_donthave` messages must carry; undefined when it has none (BEP 54) */
  dontHaveId?: number
  /** the number its `pg_queue` messages must carry; undefined when it wants none */
  queueId?: number
}

/** Metadata asked for and given, 16 KiB at a time (BEP 9). */
export type MetadataMessage =
  | { type: 'request'; piece: number }
  | { type: 'data'; piece: number; size: number; bytes: Uint8Array }
  | { type: 'reject'; piece: number }

export function encodeExtendedHandshake(handshake: ExtendedHandshake): Uint8Array {
  return encodeBencode({
    m: {
      lt_donthave: ourDontHaveId,
      pg_pex: handshake.pexId,
      pg_queue: handshake.queueId,
      ut_metadata: handshake.metadataId
    },
    metadata_size: handshake.metadataSize,
    reqq: handshake.requestQueue,
    ...(handshake.uploadOnly != null && { upload_only: handshake.uploadOnly ? 1 : 0 })
  })
}

/** Fields that are missing or make no sense are left out: clients put all kinds of things here. */
export function decodeExtendedHandshake(payload: Uint8Array): ExtendedHandshake | WireError {
  const decoded = decodeBencode(payload, limits.bencode.peer)
  if (decoded instanceof BencodeError) return broken('extended handshake', decoded)
  if (!isDictionary(decoded.value)) return new WireError('the extended handshake is no dictionary')
  const m = decoded.value['m']
  const idOf = (name: string): number | undefined =>
    isDictionary(m) ? whole(m, name, 255) : undefined
  const metadataId = idOf('ut_metadata')
  const dontHaveId = idOf('lt_donthave')
  const queueId = idOf('pg_queue')
  const pexId = idOf('pg_pex')
  const metadataSize = whole(decoded.value, 'metadata_size', limits.metainfo.size)
  const requestQueue = whole(decoded.value, 'reqq', 2 ** 31)
  const uploadOnly = whole(decoded.value, 'upload_only', 1)
  return {
    // 0 switches an extension off
    ...(metadataId && { metadataId }),
    ...(metadataSize && { metadataSize }),
    ...(requestQueue && { requestQueue }),
    ...(uploadOnly != null && { uploadOnly: uploadOnly === 1 }),
    ...(dontHaveId && { dontHaveId }),
    ...(queueId && { queueId }),
    ...(pexId != null && { pexId })
  }
}

export function encodeMetadata(message: MetadataMessage): Uint8Array {
  const { type, piece } = message
  if (type !== 'data') return encodeBencode({ msg_type: type === 'request' ? 0 : 2, piece })
  const head = encodeBencode({ msg_type: 1, piece, total_size: message.size })
  const bytes = new Uint8Array(head.byteLength + message.bytes.byteLength)
  bytes.set(head)
  bytes.set(message.bytes, head.byteLength)
  return bytes
}

/** @returns undefined for a kind of message from a later BEP, to be ignored */
export function decodeMetadata(payload: Uint8Array): MetadataMessage | WireError | undefined {
  const decoded = decodePrefix(payload, limits.bencode.peer)
  if (decoded instanceof BencodeError) return broken('ut_metadata message', decoded)
  const { value } = decoded
  if (!isDictionary(value)) return new WireError('a ut_metadata message is no dictionary')
  const piece = whole(value, 'piece', limits.metainfo.size / limits.metadata.piece)
  if (piece == null) return new WireError('a ut_metadata message names no piece')
  switch (value['msg_type']) {
    case 0:
      return { type: 'request', piece }
    case 1: {
      const size = whole(value, 'total_size', limits.metainfo.size)
      if (!size) return new WireError('a piece of metadata names no total size')
      return { type: 'data', piece, size, bytes: payload.subarray(decoded.end) }
    }
    case 2:
      return { type: 'reject', piece }
    default:
      return undefined
  }
}

/** A piece that we have no longer (BEP 54). */
export function encodeDontHave(piece: number): Uint8Array {
  const payload = new Uint8Array(4)
  new DataView(payload.buffer).setUint32(0, piece)
  return payload
}

/** @returns the piece that the sender has no longer (BEP 54) */
export function decodeDontHave(payload: Uint8Array): number | WireError {
  if (payload.byteLength !== 4) {
    return new WireError(`an lt_donthave message of ${payload.byteLength} bytes, not 4`)
  }
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0)
}

function whole(dictionary: BencodeDictionary, key: string, max: number): number | undefined {
  const value = dictionary[key]
  return typeof value === 'number' && value >= 0 && value <= max ? value : undefined
}

function broken(what: string, cause: BencodeError): WireError {
  return new WireError(`the ${what} is damaged: ${cause.message}`, { cause })
}
