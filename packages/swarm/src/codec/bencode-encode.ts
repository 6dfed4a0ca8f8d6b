import { limits } from '../limits.ts'
import { joined } from './bytes.ts'

/**
 * What can be encoded. Text becomes UTF-8; a key whose value is undefined is left out; keys are
 * binary strings as in {@link Bencode}.
 */
export type BencodeInput =
  | number
  | string
  | Uint8Array
  | readonly BencodeInput[]
  | { readonly [key: string]: BencodeInput | undefined }

/**
 * The one canonical spelling of a value: what our own decoder takes, and nothing else.
 *
 * @throws {RangeError} for numbers that are not safe integers, keys beyond U+00FF and nesting
 * deeper than a decoder accepts; the value is the caller's own
 */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const parts: Uint8Array[] = []
  write(value, parts, 0)
  return joined(parts)
}

const utf8 = new TextEncoder()

function write(value: BencodeInput, parts: Uint8Array[], depth: number): void {
  if (typeof value === 'number') parts.push(integer(value))
  else if (typeof value === 'string') writeString(utf8.encode(value), parts)
  else if (value instanceof Uint8Array) writeString(value, parts)
  else if (depth === limits.bencode.file.depth) {
    throw new RangeError(`nested deeper than ${limits.bencode.file.depth}`)
  } else {
    const list = isList(value)
    parts.push(utf8.encode(list ? 'l' : 'd'))
    if (list) for (const item of value) write(item, parts, depth + 1)
    else writeEntries(value, parts, depth + 1)
    parts.push(utf8.encode('e'))
  }
}

// Array.isArray does not narrow readonly arrays out of a union
function isList(value: BencodeInput): value is readonly BencodeInput[] {
  return Array.isArray(value)
}

function writeEntries(
  dictionary: { readonly [key: string]: BencodeInput | undefined },
  parts: Uint8Array[],
  depth: number
): void {
  // code units are bytes here, so the default order is bencode's
  for (const key of Object.keys(dictionary).sort()) {
    const value = dictionary[key]
    if (value === undefined) continue
    writeString(keyBytes(key), parts)
    write(value, parts, depth)
  }
}

function writeString(bytes: Uint8Array, parts: Uint8Array[]): void {
  parts.push(utf8.encode(`${bytes.length}:`), bytes)
}

function integer(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`)
  return utf8.encode(`i${value}e`)
}

function keyBytes(key: string): Uint8Array {
  return Uint8Array.from(key, (character) => {
    const byte = character.charCodeAt(0)
    if (byte > 0xff || character.length > 1) {
      throw new RangeError('a key must be a binary string: one character per byte')
    }
    return byte
  })
}
