import { limits } from '../limits.ts'

/** What was kept of peers, and when. */
export interface KeptRecords<T> {
  /** milliseconds since 1970 */
  at: number
  records: T[]
}

/** JSON: it is read by this program alone, and by whoever looks into the datastore. */
export function encodeRecords<T>(kept: KeptRecords<T>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(kept))
}

/**
 * Undefined when these are not such bytes. Single records that make no sense are left out, and
 * those beyond `most`. Never throws.
 */
export function decodeRecords<T>(
  bytes: Uint8Array,
  isRecord: (value: unknown) => value is T,
  most: number
): KeptRecords<T> | undefined {
  const value = bytes.byteLength > limits.kept.bytes ? undefined : parse(bytes)
  if (typeof value !== 'object' || value === null) return undefined
  const { at, records } = value as Partial<Record<keyof KeptRecords<T>, unknown>>
  if (typeof at !== 'number' || !Number.isFinite(at) || !Array.isArray(records)) return undefined
  return { at, records: records.slice(0, most).filter(isRecord) }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
