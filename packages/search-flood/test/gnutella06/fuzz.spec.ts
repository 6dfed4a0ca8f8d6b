import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeGgep,
  decodeHashExtension,
  decodeHeader,
  decodeMessage,
  deflatedGgep,
  encodeGgep,
  encodeHandshake,
  encodeHashExtension,
  encodeHeader,
  encodeMessage,
  formatHosts,
  formatUrn,
  ggepData,
  gnutellaMessages,
  HandshakeReader,
  parseHosts,
  parseUrn,
  readHandshake,
  RouteTable,
  RouteTableReceiver,
  updateMessages
} from '../../src/gnutella06.ts'
import { decodeBase32, encodeBase32 } from '../../src/gnutella06/base32.ts'
import { decodeCobs, encodeCobs } from '../../src/gnutella06/cobs.ts'
import { deflate, inflate } from '../../src/gnutella06/compression.ts'
import { decodeExtensions, encodeExtensions } from '../../src/gnutella06/extensions.ts'
import { decodeGgepLength, encodeGgepLength } from '../../src/gnutella06/ggep-length.ts'
import { ggepBlock, handshakes, messages, payloads } from './arbitraries.ts'
import { conversation } from './conversation.ts'

/** Good bytes, and what is tried with them and with what becomes of them. */
interface Target {
  good: fc.Arbitrary<Uint8Array>
  /** throws when a promise is broken */
  run: (bytes: Uint8Array) => void
}

const some = fc.uint8Array({ maxLength: 300 })
const hashes = fc
  .uint8Array({ minLength: 44, maxLength: 44 })
  .map((bytes) => ({ sha1: bytes.slice(0, 20), tigerTree: bytes.slice(20) }))
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0))

/** What was taken for good can be written, unless it has grown too long, and is the same again. */
function comesBack<T extends object>(
  read: (bytes: Uint8Array) => T | WireError | undefined,
  write: (value: T) => Uint8Array
): (bytes: Uint8Array) => void {
  return (bytes) => {
    const value = read(bytes)
    if (value == null || value instanceof WireError) return
    const written = tried(() => write(value))
    if (!(written instanceof WireError)) expect(read(written)).toEqual(value)
  }
}

function tried<T>(make: () => T): T | WireError {
  try {
    return make()
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

const streams = ['leaf', 'ultrapeer'].map((from) =>
  Uint8Array.from(conversation.flatMap((turn) => (turn.from === from ? [...turn.bytes] : [])))
)

/** A reader comes to an end with whatever it is given. */
function drained(next: () => unknown): void {
  for (let left = 1_000; left > 0; left--) {
    const found = next()
    if (found === undefined || found instanceof WireError) return
  }
  expect.unreachable('more was read than there is')
}

const targets: Readonly<Record<string, Target>> = {
  header: {
    good: messages.map((message) => encodeMessage(message).slice(0, 23)),
    run: comesBack(decodeHeader, encodeHeader)
  },
  ...Object.fromEntries(
    Object.entries(payloads).map(([name, payload]) => [
      name,
      {
        good: payload.map((payload) =>
          encodeMessage({ guid: new Uint8Array(16), ttl: 1, hops: 0, payload })
        ),
        run: comesBack(decodeMessage, encodeMessage)
      }
    ])
  ),
  'stream of messages': {
    good: fc
      .array(messages, { maxLength: 4 })
      .map((all) => Uint8Array.from(all.flatMap((message) => [...encodeMessage(message)]))),
    run: (bytes) => {
      const reader = gnutellaMessages().reader()
      reader.push(bytes)
      drained(() => reader.next())
    }
  },
  'GGEP block': {
    good: ggepBlock.map(encodeGgep),
    run: comesBack(
      (bytes) => {
        const block = decodeGgep(bytes)
        return block instanceof WireError ? block : block.extensions
      },
      (extensions) => encodeGgep(extensions)
    )
  },
  'deflated GGEP data': {
    good: some.map((data) => encodeGgep([deflatedGgep('x', data, { cobs: true })])),
    run: (bytes) => {
      const block = decodeGgep(bytes)
      if (!(block instanceof WireError)) block.extensions.forEach(ggepData)
    }
  },
  'GGEP length': {
    good: fc.nat(2 ** 18 - 1).map(encodeGgepLength),
    run: (bytes) => {
      const read = decodeGgepLength(bytes, 0)
      if (read instanceof WireError) return
      expect(decodeGgepLength(encodeGgepLength(read.length), 0)).toMatchObject({
        length: read.length
      })
    }
  },
  COBS: { good: some.map(encodeCobs), run: comesBack(decodeCobs, encodeCobs) },
  zlib: { good: some.map(deflate), run: comesBack((bytes) => inflate(bytes, 4_096), deflate) },
  extensions: {
    good: payloads['ping']!.map((ping) =>
      ping.type === 'ping' ? encodeExtensions(ping.extensions) : new Uint8Array(0)
    ),
    run: comesBack(decodeExtensions, encodeExtensions)
  },
  'base 32': {
    good: some.map((bytes) => latin1(encodeBase32(bytes))),
    run: comesBack(
      (bytes) => decodeBase32(text(bytes)),
      (data) => latin1(encodeBase32(data))
    )
  },
  URN: {
    good: hashes.map((hash) => latin1(formatUrn(hash))),
    run: comesBack(
      (bytes) => parseUrn(text(bytes)),
      (hash) => latin1(formatUrn(hash))
    )
  },
  'GGEP H': {
    good: hashes.map(encodeHashExtension),
    run: comesBack(decodeHashExtension, encodeHashExtension)
  },
  handshake: {
    good: handshakes.map(encodeHandshake),
    run: comesBack((bytes) => {
      const read = readHandshake(bytes)
      return read == null || read instanceof WireError ? read : read.group
    }, encodeHandshake)
  },
  'whole conversation': {
    good: fc.constantFrom(...streams),
    run: (bytes) => {
      const handshake = new HandshakeReader('called')
      handshake.push(bytes)
      drained(() => handshake.next())
      const reader = gnutellaMessages().reader()
      reader.push(handshake.rest)
      drained(() => reader.next())
    }
  },
  hosts: {
    good: fc
      .array(fc.record({ ip: fc.ipV4(), port: fc.integer({ min: 1, max: 65_535 }) }))
      .map((hosts) => latin1(formatHosts(hosts))),
    run: comesBack(
      (bytes) => parseHosts(text(bytes)),
      (hosts) => latin1(formatHosts(hosts))
    )
  },
  'update of a route table': {
    good: fc.constantFrom<4 | 8>(4, 8).map((entryBits) => {
      const table = new RouteTable({ slots: 64 })
      table.addName('blue train')
      const updates = updateMessages(table, { entryBits, patchData: 16 })
      const sent = updates.map((payload) =>
        encodeMessage({ guid: new Uint8Array(16), ttl: 1, hops: 0, payload })
      )
      return Uint8Array.from(sent.flatMap((bytes) => [...bytes]))
    }),
    run: (bytes) => {
      const receiver = new RouteTableReceiver()
      const reader = gnutellaMessages().reader()
      reader.push(bytes)
      drained(() => {
        const message = reader.next()
        if (message == null || message === 'goodbye' || message instanceof WireError) return
        const { payload } = message
        if (payload.type === 'reset' || payload.type === 'patch') receiver.take(payload)
        expect(receiver.table?.filled ?? 0).toBeLessThanOrEqual(receiver.table?.slots ?? 0)
        return message
      })
    }
  }
}

/** Places to change, what to put there, and where to cut. */
const changes = fc.record({
  set: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 0x1c, 0xc3, 0xff))), {
    maxLength: 4
  }),
  cut: fc.option(fc.nat()),
  tail: fc.uint8Array({ maxLength: 4 })
})

describe('bytes from a stranger', () => {
  test.each(Object.entries(targets))('break nothing in: %s', (_, { good, run }) => {
    fc.assert(
      fc.property(good, changes, (bytes, { set, cut, tail }) => {
        const changed = Uint8Array.of(...bytes, ...tail)
        for (const [at, value] of set) if (changed.length > 0) changed[at % changed.length] = value
        run(cut == null ? changed : changed.slice(0, cut % (changed.length + 1)))
      }),
      { numRuns: 200 }
    )
  })

  test.each(Object.entries(targets))('at random break nothing in: %s', (_, { run }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        run(bytes)
      }),
      { numRuns: 100 }
    )
  })
})
