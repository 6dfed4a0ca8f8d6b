import { BencodeError, type BencodeFault } from '../errors.ts'
import { limits } from '../limits.ts'
import { binaryString } from './bytes.ts'

/**
 * Bencode (BEP 3), canonical form only.
 *
 * Whatever has two spellings is refused, so that a dictionary means the same to every client:
 * leading zeros, `-0`, keys unsorted or twice, bytes after the end, integers a double cannot hold.
 * The decoder has no recursion and a cap on depth and on tokens; copied recursive decoders let one
 * small file crash a client.
 *
 * Byte strings are views of the input. Dictionaries have no prototype, so `__proto__` is a key like
 * any other. A key is a *binary string*: one character per byte, U+0000 … U+00FF, because keys may
 * be any bytes (BEP 52 uses hashes) and sort as bytes. ASCII keys read as one expects.
 */
export type Bencode = number | Uint8Array | Bencode[] | BencodeDictionary

/** A dictionary without a prototype; its keys are binary strings. */
export interface BencodeDictionary {
  [key: string]: Bencode
}

/** How much a decoder takes before it refuses. */
export interface BencodeLimits {
  /** lists and dictionaries inside one another */
  readonly depth: number
  /** values and keys, all together */
  readonly tokens: number
}

/** A decoded value and where it was. */
export interface Decoded {
  readonly value: Bencode
  /** first byte after the value */
  readonly end: number
  /** the raw bytes of the value of `info` in the outermost dictionary: what an info-hash is made of */
  readonly info?: Uint8Array
}

/**
 * Decodes exactly one value that fills `bytes`.
 *
 * @param bounds @default limits.bencode.file
 */
export function decodeBencode(
  bytes: Uint8Array,
  bounds: BencodeLimits = limits.bencode.file
): Decoded | BencodeError {
  const decoded = decodePrefix(bytes, bounds)
  if (decoded instanceof BencodeError || decoded.end === bytes.length) return decoded
  return new BencodeError('trailing', decoded.end, 'there are bytes after the value')
}

/**
 * Decodes the value that `bytes` begin with and says where it ends: in BEP 9 a piece of metadata
 * follows its dictionary.
 *
 * @param bounds @default limits.bencode.file
 */
export function decodePrefix(
  bytes: Uint8Array,
  bounds: BencodeLimits = limits.bencode.file
): Decoded | BencodeError {
  return new Decoder(bytes, bounds).run()
}

interface OpenDictionary {
  readonly dictionary: BencodeDictionary
  /** the key that waits for its value */
  key: string | undefined
  /** the key before, which the next one must follow in order */
  last: string | undefined
  /** where the value of `key` begins */
  from: number
}

/** A list or dictionary whose end has not been read. */
type Open = { readonly list: Bencode[] } | OpenDictionary

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const DICTIONARY = 0x64
const END = 0x65
const INTEGER = 0x69
const LIST = 0x6c

class Decoder {
  readonly #bytes: Uint8Array
  readonly #bounds: BencodeLimits
  readonly #open: Open[] = []
  #at = 0
  #tokens = 0
  #info: Uint8Array | undefined

  constructor(bytes: Uint8Array, bounds: BencodeLimits) {
    this.#bytes = bytes
    this.#bounds = bounds
  }

  run(): Decoded | BencodeError {
    for (;;) {
      const value = this.#step()
      if (value instanceof BencodeError) return value
      if (value === undefined) continue
      if (this.#open.length > 0) this.#place(value)
      else return { value, end: this.#at, ...(this.#info && { info: this.#info }) }
    }
  }

  /** One token; undefined when it completed no value. */
  #step(): Bencode | undefined | BencodeError {
    const byte = this.#bytes[this.#at]
    const top = this.#open.at(-1)
    if (byte === undefined) return this.#fault('cut-short', 'the value is cut short')
    if (byte === END && top !== undefined) return this.#close(top)
    if (++this.#tokens > this.#bounds.tokens) {
      return this.#fault('tokens', `more than ${this.#bounds.tokens} values`)
    }
    if (top !== undefined && 'dictionary' in top && top.key === undefined) return this.#key(top)
    if (byte === INTEGER) return this.#integer()
    if (byte === LIST || byte === DICTIONARY) return this.#begin(byte)
    if (isDigit(byte)) return this.#string()
    return this.#fault('unknown', 'no value begins like this')
  }

  #begin(byte: number): undefined | BencodeError {
    if (this.#open.length === this.#bounds.depth) {
      return this.#fault('depth', `nested deeper than ${this.#bounds.depth}`)
    }
    this.#at++
    if (byte === LIST) this.#open.push({ list: [] })
    else {
      const dictionary = Object.create(null) as BencodeDictionary
      this.#open.push({ dictionary, key: undefined, last: undefined, from: 0 })
    }
    return undefined
  }

  #close(top: Open): Bencode | BencodeError {
    if ('dictionary' in top && top.key !== undefined) {
      return this.#fault('cut-short', 'a key has no value')
    }
    this.#at++
    this.#open.pop()
    return 'list' in top ? top.list : top.dictionary
  }

  #place(value: Bencode): void {
    const top = this.#open.at(-1)!
    if ('list' in top) {
      top.list.push(value)
      return
    }
    top.dictionary[top.key!] = value
    if (top.key === 'info' && this.#open.length === 1) {
      this.#info = this.#bytes.subarray(top.from, this.#at)
    }
    top.last = top.key
    top.key = undefined
  }

  #key(top: OpenDictionary): undefined | BencodeError {
    if (!isDigit(this.#bytes[this.#at])) return this.#fault('key-type', 'a key is not a string')
    const from = this.#at
    const bytes = this.#string()
    if (bytes instanceof BencodeError) return bytes
    const key = binaryString(bytes)
    if (top.last !== undefined && key <= top.last) {
      return new BencodeError('key-order', from, 'keys are not sorted, or one is there twice')
    }
    top.key = key
    top.from = this.#at
    return undefined
  }

  #integer(): number | BencodeError {
    this.#at++
    const negative = this.#bytes[this.#at] === MINUS
    if (negative) this.#at++
    const value = this.#digits()
    if (value instanceof BencodeError) return value
    if (this.#bytes[this.#at] !== END) return this.#fault('integer', 'an integer has no end')
    if (negative && value === 0) return this.#fault('integer', 'minus zero')
    this.#at++
    return negative ? -value : value
  }

  #string(): Uint8Array | BencodeError {
    const length = this.#digits()
    if (length instanceof BencodeError) return length
    if (this.#bytes[this.#at] !== COLON) return this.#fault('length', 'a length has no colon')
    const from = this.#at + 1
    // before anything is cut out: a length is a claim until there are as many bytes
    if (length > this.#bytes.length - from) {
      return this.#fault('length', `a string of ${length} bytes goes past the end`)
    }
    this.#at = from + length
    return this.#bytes.subarray(from, this.#at)
  }

  #digits(): number | BencodeError {
    const from = this.#at
    let value = 0
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (!isDigit(byte)) break
      if (this.#at > from && value === 0) return this.#fault('integer', 'a leading zero')
      value = value * 10 + (byte - ZERO)
      if (value > Number.MAX_SAFE_INTEGER) return this.#fault('integer', 'beyond 2^53 - 1')
      this.#at++
    }
    return this.#at > from ? value : this.#fault('integer', 'a number has no digits')
  }

  #fault(fault: BencodeFault, message: string): BencodeError {
    return new BencodeError(fault, this.#at, message)
  }
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}
