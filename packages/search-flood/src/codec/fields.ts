import { WireError } from '@peerage/wire'

const utf8 = new TextEncoder()

/** Bytes that may be kept: a view would keep the whole chunk it came in. */
export function copied(bytes: Uint8Array): Uint8Array {
  return bytes.slice()
}

/** A remote number as a whole one in [0, max]. */
export function whole(value: number, max: number): number {
  return value > 0 ? Math.min(Math.floor(value), max) : 0
}

/** How many bytes a text takes on the wire. */
function byteLength(text: string): number {
  return utf8.encode(text).byteLength
}

/**
 * What is wrong with a text a peer sent, if anything is: too long, or with characters that act on
 * a terminal or turn a name around instead of showing (C0, C1, bidirectional overrides).
 */
export function textFault(field: string, text: string, max: number): WireError | undefined {
  // a character is one to three bytes per UTF-16 unit: the count is needed only in between
  if (text.length > max || (text.length * 3 > max && byteLength(text) > max)) {
    return new WireError(`a ${field} is longer than ${max} bytes`)
  }
  if (unprintable.test(text)) return new WireError(`a ${field} holds control characters`)
  return undefined
}

// oxlint-disable-next-line no-control-regex -- these are the characters to find
const unprintable = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/
