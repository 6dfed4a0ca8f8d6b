import {
  BencodeError,
  decodeBencode,
  decodeHandshake,
  encodeBencode,
  encodeHandshake,
  isDictionary,
  type BencodeDictionary
} from '@peerage/swarm'
import { WireError } from '@peerage/wire'
import { limits } from '../limits.ts'
import { asHaves } from './late-bitfield.ts'

/** Message numbers that a gateway looks at; all others pass as they are. */
const ids = { bitfield: 5, port: 9, extended: 20 } as const

/** Messages by which a peer begins to say what it has: have, bitfield, have all, have none. */
const saysWhatItHas = new Set([4, 5, 14, 15])

/**
 * The feature bits that pass: the extension protocol (BEP 10), the fast extension (BEP 6) and version
 * 2 (BEP 52). Behind others, such as the DHT's and Azureus's, are messages that carry addresses.
 */
const featureBits = [0, 0, 0, 0, 0, 0x10, 0, 0x14]

/**
 * Extensions whose messages carry addresses, which lead nowhere on the other side (BEP 11, 55); the
 * last is Peerage's own, with the records of libp2p peers.
 */
const addressExtensions = ['i2p_pex', 'ut_holepunch', 'ut_pex', 'pg_pex']

/** Fields about the sender's or receiver's own IP connection (BEP 10), which ends at the gateway. */
const addressFields = ['yourip', 'ipv4', 'ipv6', 'p', 'e']

/** The numbers an end has for extensions that do not pass; each direction notes its sender's. */
type Withheld = Set<number>

/** The two directions of a pipe. */
export interface Rewriters {
  readonly toPeer: Rewriter
  readonly toClient: Rewriter
}

/** @param peerId the name that clients see for the libp2p peer, 20 bytes @default its own */
export function rewriters(peerId?: Uint8Array): Rewriters {
  const [ofClient, ofPeer]: [Withheld, Withheld] = [new Set(), new Set()]
  return {
    toPeer: new Rewriter(ofClient, ofPeer),
    toClient: new Rewriter(ofPeer, ofClient, peerId)
  }
}

/**
 * One direction of a pipe: takes out what an end could only misunderstand. Both ends speak to each
 * other in everything else, extension numbers included.
 */
export class Rewriter {
  readonly #ofSender: Withheld
  readonly #ofReceiver: Withheld
  readonly #peerId: Uint8Array | undefined
  #shaken = false
  #saidWhatItHas = false

  constructor(ofSender: Withheld, ofReceiver: Withheld, peerId?: Uint8Array) {
    this.#ofSender = ofSender
    this.#ofReceiver = ofReceiver
    this.#peerId = peerId
  }

  /** @returns what to pass on, one message or several, or undefined when it ends here */
  rewrite(message: Uint8Array): Uint8Array | WireError | undefined {
    if (!this.#shaken) {
      this.#shaken = true
      return this.#handshake(message)
    }
    // a keep-alive has no number, and passes too
    const id = message[4]
    if (id === ids.port) return undefined
    if (id === ids.extended) return this.#extended(message)
    if (id === ids.bitfield && this.#saidWhatItHas) return lateBitfield(message.subarray(5))
    this.#saidWhatItHas ||= saysWhatItHas.has(id!)
    return message
  }

  #handshake(message: Uint8Array): Uint8Array | WireError {
    const handshake = decodeHandshake(message)
    if (handshake instanceof WireError) return handshake
    const reserved = handshake.reserved.map((bits, at) => bits & featureBits[at]!)
    return encodeHandshake({ ...handshake, reserved, peerId: this.#peerId ?? handshake.peerId })
  }

  #extended(message: Uint8Array): Uint8Array | WireError | undefined {
    const id = message[5]
    // its receiver's number, which the sender was never told: it guesses, or is up to something
    if (id !== 0) return this.#ofReceiver.has(id!) ? undefined : message
    const fields = readExtendedHandshake(message.subarray(6))
    if (fields instanceof WireError) return fields
    const rest = without(fields, addressFields)
    const { m } = rest
    if (isDictionary(m)) {
      this.#noteWithheld(m)
      rest['m'] = without(m, addressExtensions)
    }
    return framed(encodeBencode(rest))
  }

  /** A later handshake may give a number to another extension (BEP 10). */
  #noteWithheld(m: BencodeDictionary): void {
    for (const id of Object.values(m)) if (typeof id === 'number') this.#ofSender.delete(id)
    for (const name of addressExtensions) {
      const id = m[name]
      if (typeof id === 'number' && id > 0 && id <= 0xff) this.#ofSender.add(id)
    }
  }
}

function lateBitfield(bits: Uint8Array): Uint8Array | WireError {
  if (bits.byteLength <= limits.wire.lateBitfield) return asHaves(bits)
  return new WireError(`a late bitfield of ${bits.byteLength} bytes is over the limit`)
}

function readExtendedHandshake(payload: Uint8Array): BencodeDictionary | WireError {
  if (payload.byteLength > limits.wire.extendedHandshake) {
    return new WireError(`an extended handshake of ${payload.byteLength} bytes is over the limit`)
  }
  const decoded = decodeBencode(payload, limits.wire.bencode)
  if (decoded instanceof BencodeError) {
    return new WireError(`the extended handshake is damaged: ${decoded.message}`, {
      cause: decoded
    })
  }
  if (isDictionary(decoded.value)) return decoded.value
  return new WireError('the extended handshake is no dictionary')
}

function without(dictionary: BencodeDictionary, keys: readonly string[]): BencodeDictionary {
  const rest: BencodeDictionary = Object.assign(Object.create(null), dictionary)
  for (const key of keys) delete rest[key]
  return rest
}

function framed(payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(6 + payload.byteLength)
  new DataView(message.buffer).setUint32(0, 2 + payload.byteLength)
  message[4] = ids.extended
  message.set(payload, 6)
  return message
}
