import { WireError } from '@peerage/wire'
import { joined, viewOf } from '../bytes.ts'
import { decodeExtensions, encodeExtensions, type Extension } from '../extensions.ts'
import { encodeText, readText } from '../text.ts'
import { decodeQueryFlags, encodeQueryFlags, type QueryFlags } from './query-flags.ts'

/** A search (draft §2.2.5). */
export interface Query {
  readonly type: 'query'
  /** of an old client, a minimum speed in kbit/s instead, which nobody heeds */
  readonly flags: QueryFlags | { readonly minSpeed: number }
  /** words to look for; empty where a URN among the extensions says it all */
  readonly text: string
  readonly extensions: readonly Extension[]
}

export function encodeQuery({ flags, text, extensions }: Query): Uint8Array {
  const parts = [encodeSpeed(flags), encodeText(text), Uint8Array.of(0)]
  if (extensions.length > 0) parts.push(encodeExtensions(extensions))
  // a string ends at a NUL (HUGE 0.94 §4), a GGEP block by itself
  if (extensions.length > 0 && extensions.at(-1)?.type !== 'ggep') parts.push(Uint8Array.of(0))
  return joined(parts)
}

export function decodeQuery(bytes: Uint8Array): Query | WireError {
  const end = bytes.indexOf(0, 2)
  if (bytes.byteLength < 3 || end === -1) return new WireError("a query's text has no end")
  const extensions = decodeExtensions(bytes.subarray(end + 1))
  if (extensions instanceof WireError) return extensions
  return {
    type: 'query',
    flags: decodeQueryFlags(bytes[0]!, bytes[1]!) ?? { minSpeed: viewOf(bytes).getUint16(0, true) },
    text: readText(bytes.subarray(2, end)),
    extensions
  }
}

function encodeSpeed(flags: Query['flags']): Uint8Array {
  if (!('minSpeed' in flags)) return encodeQueryFlags(flags)
  const bytes = Uint8Array.of(flags.minSpeed, flags.minSpeed >>> 8)
  if (decodeQueryFlags(bytes[0]!, bytes[1]!) == null) return bytes
  throw new WireError(`a minimum speed of ${flags.minSpeed} would be read as flags`)
}
