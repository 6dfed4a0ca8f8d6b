import fc from 'fast-check'
import { WireError } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import { ourReserved, speaksExtended } from '../src/codec/handshake.ts'
import { peerWire, type PeerMessage } from '../src/codec/peer-wire.ts'
import { limits } from '../src/limits.ts'
import { noise } from './fake-torrent.ts'

const wire = peerWire()

const handshake: PeerMessage = {
  type: 'handshake',
  infoHash: noise(20, 3),
  peerId: noise(20, 4),
  reserved: ourReserved()
}

function bytesOf(...messages: PeerMessage[]): Uint8Array {
  const parts = messages.flatMap((message) => wire.encode(message))
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

/** What a reader that has had its handshake makes of bytes given in chunks. */
function read(bytes: Uint8Array, chunk = bytes.length): (PeerMessage | WireError)[] {
  const reader = wire.reader()
  reader.push(bytesOf(handshake))
  expect(reader.next()).toEqual(handshake)
  const found: (PeerMessage | WireError)[] = []
  for (let at = 0; at < bytes.length; at += Math.max(1, chunk)) {
    reader.push(bytes.subarray(at, at + Math.max(1, chunk)))
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      if (next instanceof WireError) return [...found, next]
      // a block that comes in several chunks lies where the next one will
      const message = next as PeerMessage
      found.push(chunk < bytes.length ? structuredClone(message) : message)
    }
  }
  return found
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** the fifth and sixth hash of the third layer, and one uncle */
const span = { root: new Uint8Array(32).fill(7), base: 2, index: 4, length: 2, proofs: 1 }

describe('the bytes of', () => {
  test('a handshake are 68, with the bits of BEP 10 and BEP 6', () => {
    const bytes = bytesOf(handshake)
    expect(bytes).toHaveLength(68)
    expect(hex(bytes.subarray(0, 28))).toBe(
      '13426974546f7272656e742070726f746f636f6c0000000000100004'
    )
    expect(speaksExtended(bytes.subarray(20, 28))).toBe(true)
  })

  test.each<[PeerMessage, string]>([
    [{ type: 'keep-alive' }, '00000000'],
    [{ type: 'choke' }, '0000000100'],
    [{ type: 'unchoke' }, '0000000101'],
    [{ type: 'interested' }, '0000000102'],
    [{ type: 'not-interested' }, '0000000103'],
    [{ type: 'have', piece: 258 }, '000000050400000102'],
    [{ type: 'bitfield', bits: Uint8Array.of(0xf0, 0x80) }, '0000000305f080'],
    [
      { type: 'request', piece: 1, begin: 16384, length: 16384 },
      '0000000d06000000010000400000004000'
    ],
    [
      { type: 'piece', piece: 1, begin: 2, block: Uint8Array.of(7) },
      '0000000a07000000010000000207'
    ],
    [
      { type: 'cancel', piece: 1, begin: 16384, length: 16384 },
      '0000000d08000000010000400000004000'
    ],
    [{ type: 'suggest', piece: 258 }, '000000050d00000102'],
    [{ type: 'have-all' }, '000000010e'],
    [{ type: 'have-none' }, '000000010f'],
    [
      { type: 'reject', piece: 1, begin: 16384, length: 16384 },
      '0000000d10000000010000400000004000'
    ],
    [{ type: 'allowed-fast', piece: 258 }, '000000051100000102'],
    [
      { type: 'hash-request', ...span },
      `0000003115${'07'.repeat(32)}00000002000000040000000200000001`
    ],
    [
      { type: 'hashes', ...span, hashes: new Uint8Array(96).fill(9) },
      `0000009116${'07'.repeat(32)}00000002000000040000000200000001${'09'.repeat(96)}`
    ],
    [
      { type: 'hash-reject', ...span },
      `0000003117${'07'.repeat(32)}00000002000000040000000200000001`
    ],
    [{ type: 'extended', id: 3, payload: Uint8Array.of(0x64, 0x65) }, '0000000414036465']
  ])('%o are those of BEP 3, 6, 10 and 52', (message, expected) => {
    expect(hex(bytesOf(message))).toBe(expected)
    expect(read(bytesOf(message))).toEqual([message])
  })

  test('a block are not copied on the way out', () => {
    const block = noise(16 * 1024)
    const parts = wire.encode({ type: 'piece', piece: 0, begin: 0, block })
    expect(parts).toHaveLength(2)
    expect((parts as Uint8Array[])[1]).toBe(block)
  })

  test('a block are not copied on the way in', () => {
    const bytes = bytesOf({ type: 'piece', piece: 0, begin: 0, block: noise(100) })
    const [message] = read(bytes)
    expect((message as { block: Uint8Array }).block.buffer).toBe(bytes.buffer)
  })

  test('a block that comes in several chunks lies where the one before lay', () => {
    const reader = wire.reader()
    reader.push(bytesOf(handshake))
    reader.next()
    const blocks = [noise(16 * 1024, 1), noise(16 * 1024, 2)].map((block) => {
      const bytes = bytesOf({ type: 'piece', piece: 0, begin: 0, block })
      reader.push(bytes.subarray(0, 1_000))
      reader.push(bytes.subarray(1_000))
      const message = reader.next() as { block: Uint8Array }
      expect(message.block).toEqual(block)
      return message.block
    })
    expect(blocks[0]!.buffer).toBe(blocks[1]!.buffer)
  })
})

const message: fc.Arbitrary<PeerMessage> = (() => {
  const number = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const bytes = (max: number) => fc.uint8Array({ maxLength: max })
  const blocks = { piece: number, begin: number, length: number }
  const root = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const hashes = { root, base: number, index: number, length: number, proofs: number }
  return fc.oneof(
    fc.constantFrom<PeerMessage>(
      { type: 'keep-alive' },
      { type: 'choke' },
      { type: 'unchoke' },
      { type: 'interested' },
      { type: 'not-interested' },
      { type: 'have-all' },
      { type: 'have-none' }
    ),
    fc.record({
      type: fc.constantFrom('suggest' as const, 'allowed-fast' as const),
      piece: number
    }),
    fc.record({ type: fc.constant('have' as const), piece: number }),
    fc.record({ type: fc.constant('bitfield' as const), bits: bytes(40) }),
    fc.record({ type: fc.constant('request' as const), ...blocks }),
    fc.record({ type: fc.constantFrom('cancel' as const, 'reject' as const), ...blocks }),
    fc.record({
      type: fc.constant('piece' as const),
      piece: number,
      begin: number,
      block: bytes(40)
    }),
    fc.record({
      type: fc.constantFrom('hash-request' as const, 'hash-reject' as const),
      ...hashes
    }),
    fc.record({ type: fc.constant('extended' as const), id: fc.nat(255), payload: bytes(40) })
  )
})()

describe('a reader', () => {
  test('gives back what was sent, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(message), fc.integer({ min: 1, max: 50 }), (messages, chunk) => {
        expect(read(bytesOf(...messages), chunk)).toEqual(messages)
      })
    )
  })

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, shaken) => {
        const reader = wire.reader()
        if (shaken) reader.push(bytesOf(handshake))
        reader.push(bytes)
        for (let i = 0; i < 200; i++) {
          const next = reader.next()
          if (next === undefined || next instanceof WireError) return
        }
        expect.unreachable('more messages than bytes')
      })
    )
  })

  test('refuses what is not a BitTorrent handshake', () => {
    const reader = wire.reader()
    reader.push(new TextEncoder().encode('GET / HTTP/1.1\r\n'.repeat(5)))
    expect(reader.next()).toBeInstanceOf(WireError)
  })

  test('reads over messages of later BEPs', () => {
    const unknown = Uint8Array.of(0, 0, 0, 3, 99, 1, 2)
    expect(read(unknown)).toEqual([{ type: 'unknown', id: 99 }])
  })

  test('has no goodbye: a BitTorrent peer just closes', () => {
    expect(wire.goodbye).toBeUndefined()
  })

  /** A length and a message number, and nothing after them. */
  const head = (length: number, id?: number): Uint8Array => {
    const bytes = new Uint8Array(id == null ? 4 : 5)
    new DataView(bytes.buffer).setUint32(0, length)
    if (id != null) bytes[4] = id
    return bytes
  }

  test.each([
    ['any message', limits.wire.message, undefined],
    ['an unknown one', limits.wire.unknown, 99],
    ['a bitfield', 1 + limits.metainfo.pieces / 8, 5],
    ['a piece', 9 + limits.wire.block, 7],
    ['an extended one', 1 + limits.wire.extended, 20],
    ['a choke', 1, 0],
    ['a have', 5, 4],
    ['a request', 13, 6],
    ['a hash request', 49, 21],
    ['hashes', 49 + 32 * (limits.hashes.length + limits.hashes.proofs), 22]
  ])('takes %s of %i bytes and refuses one more as soon as it is announced', (_, most, id) => {
    expect(read(head(most + 1, id))).toEqual([expect.any(WireError)])
    expect(read(head(most, id)).filter((found) => found instanceof WireError)).toEqual([])
  })

  test('refuses messages that are cut short', () => {
    for (const [id, length] of [
      [4, 4],
      [6, 12],
      [7, 8],
      [8, 12],
      [20, 1],
      [21, 48],
      [22, 48],
      [23, 48]
    ] as const) {
      expect(read(head(length, id)), `message ${id}`).toEqual([expect.any(WireError)])
    }
  })

  test('takes a length of 2³¹ or more for what it is', () => {
    expect(read(head(2 ** 31))).toEqual([expect.any(WireError)])
    expect(read(head(2 ** 32 - 1))).toEqual([expect.any(WireError)])
  })
})
