import { ByteQueue, WireError, type FrameReader, type Framing } from '@peerage/wire'
import { limits } from '../limits.ts'
import {
  decodeHashes,
  decodeHashSpan,
  encodeHashSpan,
  hashSpanLength,
  type HashSpan
} from './hash-span.ts'
import { hashLength } from './merkle.ts'
import { decodeHandshake, encodeHandshake, handshakeLength, type Handshake } from './handshake.ts'

/** A run of bytes inside one piece. */
export interface BlockSpan {
  piece: number
  /** offset in the piece, in bytes */
  begin: number
  /** bytes */
  length: number
}

/** Everything two peers of a swarm say to each other (BEPs 3, 6, 10 and 52). */
export type PeerMessage =
  | Handshake
  | { type: 'keep-alive' }
  | { type: 'choke' }
  | { type: 'unchoke' }
  | { type: 'interested' }
  | { type: 'not-interested' }
  | { type: 'have'; piece: number }
  /** one bit a piece, high bit first; the receiver checks its length, which takes the torrent */
  | { type: 'bitfield'; bits: Uint8Array }
  | ({ type: 'request' } & BlockSpan)
  /** of one that was read, `block` may be overwritten when the next message is: 1 GiB makes no garbage */
  | { type: 'piece'; piece: number; begin: number; block: Uint8Array }
  | ({ type: 'cancel' } & BlockSpan)
  /** the fast extension (BEP 6): only where both handshakes have its bit */
  | { type: 'suggest'; piece: number }
  | { type: 'have-all' }
  | { type: 'have-none' }
  /** this request will not be served */
  | ({ type: 'reject' } & BlockSpan)
  /** this piece may be asked for while choked */
  | { type: 'allowed-fast'; piece: number }
  /** `id` 0 is the extended handshake; any other is one the receiver has given out */
  | { type: 'extended'; id: number; payload: Uint8Array }
  /** hashes of a version 2 file (BEP 52) are asked for, … */
  | ({ type: 'hash-request' } & HashSpan)
  /** … given, the nearest uncles after the span's own, … */
  | ({ type: 'hashes'; hashes: Uint8Array } & HashSpan)
  /** … or refused: each request gets one of the two */
  | ({ type: 'hash-reject' } & HashSpan)
  /** a message of a BEP not spoken here (BEP 3 has no refusal): ignored */
  | { type: 'unknown'; id: number }

/** Whether a message is one of the fast extension (BEP 6). */
export function isFast({ type }: PeerMessage): boolean {
  return fast.has(type)
}

const fast: ReadonlySet<string> = new Set([
  'suggest',
  'have-all',
  'have-none',
  'reject',
  'allowed-fast'
])

const mostHashes = limits.hashes.length + limits.hashes.proofs

/** Message numbers, and how many bytes may follow each. */
const kinds = {
  choke: { id: 0, min: 0, max: 0 },
  unchoke: { id: 1, min: 0, max: 0 },
  interested: { id: 2, min: 0, max: 0 },
  'not-interested': { id: 3, min: 0, max: 0 },
  have: { id: 4, min: 4, max: 4 },
  bitfield: { id: 5, min: 0, max: limits.metainfo.pieces / 8 },
  request: { id: 6, min: 12, max: 12 },
  piece: { id: 7, min: 8, max: 8 + limits.wire.block },
  cancel: { id: 8, min: 12, max: 12 },
  suggest: { id: 13, min: 4, max: 4 },
  'have-all': { id: 14, min: 0, max: 0 },
  'have-none': { id: 15, min: 0, max: 0 },
  reject: { id: 16, min: 12, max: 12 },
  'allowed-fast': { id: 17, min: 4, max: 4 },
  extended: { id: 20, min: 1, max: limits.wire.extended },
  'hash-request': { id: 21, min: hashSpanLength, max: hashSpanLength },
  hashes: { id: 22, min: hashSpanLength, max: hashSpanLength + mostHashes * hashLength },
  'hash-reject': { id: 23, min: hashSpanLength, max: hashSpanLength }
} as const

type Kind = keyof typeof kinds

const kindOf = new Map(Object.entries(kinds).map(([kind, { id }]) => [id as number, kind as Kind]))

/** BEP 3's bytes for a channel. There is no goodbye: a BitTorrent peer just closes. */
export function peerWire(): Framing<PeerMessage> {
  return { encode, reader: () => new PeerWireReader() }
}

function encode(message: PeerMessage): Uint8Array | Uint8Array[] {
  switch (message.type) {
    case 'handshake':
      return encodeHandshake(message)
    case 'keep-alive':
      return new Uint8Array(4)
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      return header(message.type, [message.piece])
    case 'request':
    case 'cancel':
    case 'reject':
      return header(message.type, [message.piece, message.begin, message.length])
    case 'bitfield':
      return [header(message.type, [], message.bits.byteLength), message.bits]
    case 'piece':
      return [
        header(message.type, [message.piece, message.begin], message.block.byteLength),
        message.block
      ]
    case 'extended':
      return [
        header(message.type, [], 1 + message.payload.byteLength),
        Uint8Array.of(message.id),
        message.payload
      ]
    case 'hash-request':
    case 'hash-reject':
      return [header(message.type, [], hashSpanLength), encodeHashSpan(message)]
    case 'hashes':
      return [
        header(message.type, [], hashSpanLength + message.hashes.byteLength),
        encodeHashSpan(message),
        message.hashes
      ]
    case 'unknown':
      throw new TypeError('an unknown message can be read, not sent')
    default:
      return header(message.type, [])
  }
}

/** Length, message number and the fields; the `rest` bytes follow as parts of their own, uncopied. */
function header(kind: Kind, fields: number[], rest = 0): Uint8Array {
  const bytes = new Uint8Array(5 + 4 * fields.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.byteLength - 4 + rest)
  bytes[4] = kinds[kind].id
  fields.forEach((field, i) => {
    view.setUint32(5 + 4 * i, field)
  })
  return bytes
}

class PeerWireReader implements FrameReader<PeerMessage> {
  readonly #bytes = new ByteQueue()
  /** length of the message being collected, once it has been read */
  #length: number | undefined
  #shaken = false
  /** where a block is put together that came in several chunks, as nearly all do */
  #scratch: Uint8Array | undefined

  push(bytes: Uint8Array): void {
    this.#bytes.push(bytes)
  }

  next(): PeerMessage | WireError | undefined {
    if (!this.#shaken) return this.#readHandshake()
    if (this.#length == null) {
      if (this.#bytes.length < 4) return undefined
      this.#length = readUint32(this.#bytes.take(4))
    }
    if (this.#length === 0) {
      this.#length = undefined
      return { type: 'keep-alive' }
    }
    const wrong = this.#refuse(this.#length)
    if (wrong != null) return wrong
    if (this.#bytes.length < this.#length) return undefined
    const message = this.#bytes.take(this.#length, this.#scratchFor(this.#bytes.at(0)))
    this.#length = undefined
    return decode(message)
  }

  #readHandshake(): Handshake | WireError | undefined {
    if (this.#bytes.length < handshakeLength) return undefined
    this.#shaken = true
    return decodeHandshake(this.#bytes.take(handshakeLength))
  }

  #scratchFor(id: number): Uint8Array | undefined {
    if (id !== kinds.piece.id) return undefined
    this.#scratch ??= new Uint8Array(1 + kinds.piece.max)
    return this.#scratch
  }

  /** Looks at the length as soon as it is there, and again when the message number is. */
  #refuse(length: number): WireError | undefined {
    if (length > limits.wire.message) return tooLong('a message', length, limits.wire.message)
    if (this.#bytes.length === 0) return undefined
    const kind = kindOf.get(this.#bytes.at(0))
    if (kind == null) {
      const { unknown } = limits.wire
      return length > unknown ? tooLong('an unknown message', length, unknown) : undefined
    }
    const { min, max } = kinds[kind]
    if (length - 1 > max) return tooLong(`"${kind}"`, length, 1 + max)
    if (length - 1 < min) return new WireError(`"${kind}" is cut short at ${length} bytes`)
    return undefined
  }
}

function readUint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}

function tooLong(what: string, length: number, limit: number): WireError {
  return new WireError(`${what} of ${length} bytes is over the limit of ${limit}`)
}

/** @param bytes a message number and as many bytes as {@link kinds} allows it */
function decode(bytes: Uint8Array): PeerMessage | WireError {
  const id = bytes[0]!
  const kind = kindOf.get(id)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (kind) {
    case undefined:
      return { type: 'unknown', id }
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      return { type: kind, piece: view.getUint32(1) }
    case 'bitfield':
      return { type: kind, bits: bytes.subarray(1) }
    case 'request':
    case 'cancel':
    case 'reject':
      return {
        type: kind,
        piece: view.getUint32(1),
        begin: view.getUint32(5),
        length: view.getUint32(9)
      }
    case 'piece':
      return {
        type: kind,
        piece: view.getUint32(1),
        begin: view.getUint32(5),
        block: bytes.subarray(9)
      }
    case 'extended':
      return { type: kind, id: bytes[1]!, payload: bytes.subarray(2) }
    case 'hash-request':
    case 'hash-reject':
      return { type: kind, ...decodeHashSpan(bytes.subarray(1)) }
    case 'hashes':
      return decodeHashes(bytes.subarray(1))
    default:
      return { type: kind }
  }
}
