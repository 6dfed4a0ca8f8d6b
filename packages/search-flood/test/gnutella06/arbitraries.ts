import fc from 'fast-check'
import type {
  Address,
  Extension,
  GgepExtension,
  HandshakeGroup,
  HeaderLine,
  Message,
  Payload,
  Query,
  QueryHit
} from '../../src/gnutella06.ts'

const byte = fc.nat(255)
const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffff_ffff)
const data = fc.uint8Array({ maxLength: 40 })
const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const text = fc.stringMatching(/^[\p{L}\p{N} .-]*$/u, { maxLength: 30 })
const latin1 = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ min: 1, minLength: min, maxLength: max })
    .map((bytes) => String.fromCharCode(...bytes))

const guid = exactly(16)

const address: fc.Arbitrary<Address> = fc.record({
  ip: fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.')),
  port: u16
})

const ggepExtension = (cobs: fc.Arbitrary<boolean>): fc.Arbitrary<GgepExtension> =>
  fc.record({ id: latin1(1, 15), data, cobs, deflated: fc.boolean() })

export const ggepBlock = fc.array(ggepExtension(fc.boolean()), { minLength: 1, maxLength: 4 })

const extensionString: fc.Arbitrary<Extension> = fc.oneof(
  fc.record({
    type: fc.constant('urn' as const),
    urn: fc.stringMatching(/^urn:[!-~]{0,40}$/)
  }),
  fc.record({
    type: fc.constant('other' as const),
    bytes: fc.stringMatching(/^[<{][ -~]{0,20}$/).map((xml) => new TextEncoder().encode(xml))
  })
)

const extensionsWith = (cobs: fc.Arbitrary<boolean>): fc.Arbitrary<Extension[]> => {
  const block = fc.array(ggepExtension(cobs), { minLength: 1, maxLength: 3 })
  const ggep = fc.record({ type: fc.constant('ggep' as const), extensions: block })
  return fc.array(fc.oneof(extensionString, ggep), { maxLength: 4 })
}

const extensions = extensionsWith(fc.boolean())

const flags: fc.Arbitrary<Query['flags']> = fc.oneof(
  fc.record({
    firewalled: fc.boolean(),
    xml: fc.boolean(),
    leafGuided: fc.boolean(),
    outOfBand: fc.boolean(),
    rest: fc.nat(0x0bff).map((bits) => bits & 0x0bff)
  }),
  fc.record({ minSpeed: u16.map((speed) => speed & ~0x80) })
)

const maybe = fc.option(fc.boolean(), { nil: undefined })

const trailer: fc.Arbitrary<NonNullable<QueryHit['trailer']>> = fc.oneof(
  fc.record({
    vendor: latin1(4, 4),
    flags: fc.record({ push: maybe, busy: maybe, uploaded: maybe, measured: maybe, ggep: maybe }),
    open: fc.uint8Array({ maxLength: 4 }),
    private: data
  }),
  fc.record({
    vendor: latin1(4, 4),
    flags: fc.constant(undefined),
    open: fc.uint8Array({ maxLength: 1 }),
    private: data
  })
)

const result = fc.record({
  index: u32,
  size: u32,
  name: text,
  extensions: extensionsWith(fc.constant(true))
})

const headers: fc.Arbitrary<HeaderLine[]> = fc.array(
  fc.tuple(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/),
    fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
  ),
  { maxLength: 5 }
)

/** Every kind of payload by name. */
export const payloads: Readonly<Record<string, fc.Arbitrary<Payload>>> = {
  ping: fc.record({ type: fc.constant('ping' as const), extensions }),
  pong: fc.record({
    type: fc.constant('pong' as const),
    address,
    files: u32,
    kib: u32,
    extensions
  }),
  bye: fc.record({ type: fc.constant('bye' as const), code: u16, reason: text, headers }),
  reset: fc.record({
    type: fc.constant('reset' as const),
    slots: fc.integer({ min: 3, max: 21 }).map((bits) => 2 ** bits),
    infinity: fc.integer({ min: 2, max: 128 })
  }),
  patch: fc
    .tuple(fc.integer({ min: 1, max: 255 }), byte, fc.boolean(), fc.constantFrom<4 | 8>(4, 8), data)
    .map(([of, sequence, compressed, entryBits, data]) => ({
      type: 'patch' as const,
      sequence: 1 + (sequence % of),
      of,
      compressed,
      entryBits,
      data
    })),
  vendor: fc.record({
    type: fc.constant('vendor' as const),
    standard: fc.boolean(),
    vendor: latin1(4, 4),
    selector: u16,
    version: u16,
    data
  }),
  push: fc.record({
    type: fc.constant('push' as const),
    servent: guid,
    index: u32,
    address,
    extensions
  }),
  query: fc.record({ type: fc.constant('query' as const), flags, text, extensions }),
  'query hit': fc.record({
    type: fc.constant('query-hit' as const),
    address,
    speed: u32,
    results: fc.array(result, { maxLength: 4 }),
    trailer: fc.option(trailer, { nil: undefined }),
    servent: guid
  }),
  unknown: fc.record({
    type: fc.constant('unknown' as const),
    code: fc.constantFrom(0x03, 0x20, 0x41, 0xcd, 0xff),
    bytes: data
  })
}

/** Messages with payloads of every kind. */
export const messages: fc.Arbitrary<Message> = fc.record({
  guid,
  ttl: byte,
  hops: byte,
  payload: fc.oneof(...Object.values(payloads))
})

const version = fc.tuple(fc.nat(999), fc.nat(999)).map((numbers) => numbers.join('.'))

/** Groups of a handshake. */
export const handshakes: fc.Arbitrary<HandshakeGroup> = fc.oneof(
  fc.record({ type: fc.constant('connect' as const), version, headers }),
  fc.record({
    type: fc.constant('response' as const),
    version,
    code: fc.integer({ min: 100, max: 999 }),
    text,
    headers
  })
)
