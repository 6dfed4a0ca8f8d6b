import {
  BencodeError,
  decodeBencode,
  decodeHandshake,
  encodeBencode,
  encodeHandshake,
  isDictionary,
  type BencodeDictionary,
  type Handshake
} from '@peerage/swarm'
import { WireError } from '@peerage/wire'
import { limits } from '../limits.ts'
import { asHaves } from './late-bitfield.ts'

/** Message numbers that a gateway looks at; all others pass as they are. */
const ids = { bitfield: 5, port: 9, extended: 20 } as const

/** Messages by which a peer begins to say what it has: have, bitfield, have all, have none. */
const saysWhatItHas = new Set([4, 5, 14, 15])

/** The feature bit of the DHT: byte 7 (BEP 5). */
const dhtBit = 0x01

/** Extensions whose messages carry IP addresses, which lead nowhere on the other side (BEP 11, 55). */
const addressExtensions = ['ut_pex', 'ut_holepunch']

/** Fields about the sender's or receiver's own IP connection (BEP 10), which ends at the gateway. */
const addressFields = ['yourip', 'ipv4', 'ipv6', 'p', 'e']

/**
 * One direction of a pipe: takes out what an end could only misunderstand. Both ends speak to each
 * other in everything else, extension numbers included.
 */
export class Rewriter {
  readonly #shown: Partial<Pick<Handshake, 'peerId' | 'infoHash'>>
  #shaken = false
  #saidWhatItHas = false

  /** @param shown what the handshake is to say in place of the sender's own */
  constructor(shown: Partial<Pick<Handshake, 'peerId' | 'infoHash'>> = {}) {
    this.#shown = shown
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
    if (id === ids.bitfield && this.#saidWhatItHas) return lateBitfield(message.subarray(5))
    this.#saidWhatItHas ||= saysWhatItHas.has(id!)
    if (id === ids.extended && message[5] === 0) return extendedHandshake(message)
    return message
  }

  #handshake(message: Uint8Array): Uint8Array | WireError {
    const handshake = decodeHandshake(message)
    if (handshake instanceof WireError) return handshake
    const reserved = Uint8Array.from(handshake.reserved)
    reserved[7]! &= ~dhtBit
    return encodeHandshake({ ...handshake, reserved, ...this.#shown })
  }
}

function lateBitfield(bits: Uint8Array): Uint8Array | WireError {
  if (bits.byteLength <= limits.wire.lateBitfield) return asHaves(bits)
  return new WireError(`a late bitfield of ${bits.byteLength} bytes is over the limit`)
}

function extendedHandshake(message: Uint8Array): Uint8Array | WireError {
  const payload = message.subarray(6)
  if (payload.byteLength > limits.wire.extendedHandshake) {
    return new WireError(`an extended handshake of ${payload.byteLength} bytes is over the limit`)
  }
  const decoded = decodeBencode(payload, limits.wire.bencode)
  if (decoded instanceof BencodeError) {
    return new WireError(`the extended handshake is damaged: ${decoded.message}`, {
      cause: decoded
    })
  }
  if (!isDictionary(decoded.value)) return new WireError('the extended handshake is no dictionary')
  const fields = without(decoded.value, addressFields)
  const { m } = fields
  if (isDictionary(m)) fields['m'] = without(m, addressExtensions)
  return framed(encodeBencode(fields))
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
