import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  codes,
  decodeHeader,
  decodeMessage,
  encodeHeader,
  encodeMessage,
  gnutellaMessages,
  headerLength,
  limits,
  privateGgep,
  type Message,
  type Payload
} from '../../src/gnutella06.ts'
import { messages, payloads } from './arbitraries.ts'
import { bytes } from './hex.ts'

const guid = bytes('00112233 44556677 ff99aabb ccddee00')
const none = { firewalled: false, xml: false, leafGuided: false, outOfBand: false, rest: 0 }

/** A message with the payload, whose bytes are given. */
function written(code: number, payload: Uint8Array, ttl = 7): Uint8Array {
  const header = encodeHeader({ guid, code, ttl, hops: 0, length: payload.length })
  return Uint8Array.of(...header, ...payload)
}

function read(code: number, payload: string): Payload | WireError {
  const message = decodeMessage(written(code, bytes(payload)))
  return message instanceof WireError ? message : message.payload
}

describe('a header', () => {
  test('has 23 bytes, the length little-endian', () => {
    const header = { guid, code: codes.query, ttl: 3, hops: 1, length: 0x0102 }
    const expected = bytes('00112233 44556677 ff99aabb ccddee00  80 03 01  02010000')
    expect(encodeHeader(header)).toEqual(expected)
    expect(decodeHeader(expected)).toEqual(header)
  })

  test.each([
    ['ping', codes.ping, limits.payload.ping],
    ['pong', codes.pong, limits.payload.pong],
    ['bye', codes.bye, limits.payload.bye],
    ['route table update', codes.routeTable, limits.payload.routeTable],
    ['vendor message', codes.vendor, limits.payload.vendor],
    ['standard vendor message', codes.standardVendor, limits.payload.vendor],
    ['push', codes.push, limits.payload.push],
    ['query', codes.query, limits.payload.query],
    ['query hit', codes.queryHit, limits.payload.queryHit],
    ['unknown kind', 0x20, limits.payload.unknown]
  ])('of a %s may announce its limit and not one byte more', (_, code, length) => {
    const header = { guid, code, ttl: 1, hops: 0, length }
    expect(decodeHeader(encodeHeader(header))).toEqual(header)
    expect(decodeHeader(encodeHeader({ ...header, length: length + 1 }))).toBeInstanceOf(WireError)
    expect(decodeHeader(encodeHeader({ ...header, length: 2 ** 31 }))).toBeInstanceOf(WireError)
  })

  test('of 22 bytes is refused', () => {
    expect(decodeHeader(new Uint8Array(22))).toBeInstanceOf(WireError)
  })
})

describe('the bytes of', () => {
  test.each<[string, number, string, Payload]>([
    ['an empty ping', 0x00, '', { type: 'ping', extensions: [] }],
    [
      'a pong',
      0x01,
      'ca18 7f000001 02000000 00040000', // port 6346, 127.0.0.1, 2 files, 1 MiB
      {
        type: 'pong',
        address: { ip: '127.0.0.1', port: 6346 },
        files: 2,
        kib: 1024,
        extensions: []
      }
    ],
    [
      'a query of version 0.4',
      0x80,
      "0100 'blue train' 00",
      { type: 'query', flags: { minSpeed: 1 }, text: 'blue train', extensions: [] }
    ],
    [
      'a query by hash, as in HUGE 0.94 §1',
      0x80,
      "8000 00 'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB' 00",
      {
        type: 'query',
        flags: none,
        text: '',
        extensions: [{ type: 'urn', urn: 'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB' }]
      }
    ],
    [
      'a query that wants URNs, as in HUGE 0.94 §1',
      0x80,
      "8000 'Gnutella Protocol' 00 'urn:' 00",
      {
        type: 'query',
        flags: none,
        text: 'Gnutella Protocol',
        extensions: [{ type: 'urn', urn: 'urn:' }]
      }
    ],
    [
      'a query with all flags',
      0x80,
      "ffff 'x' 00",
      {
        type: 'query',
        flags: { firewalled: true, xml: true, leafGuided: true, outOfBand: true, rest: 0x0bff },
        text: 'x',
        extensions: []
      }
    ],
    [
      'a query hit of version 0.4',
      0x81,
      `01 ca18 7f000001 80000000           # one result, port, address, 128 kbit/s
       01000000 00100000 'a.txt' 00 00     # file 1 of 4 KiB
       000102030405060708090a0b0c0d0e0f`,
      {
        type: 'query-hit',
        address: { ip: '127.0.0.1', port: 6346 },
        speed: 128,
        results: [{ index: 1, size: 4096, name: 'a.txt', extensions: [] }],
        trailer: undefined,
        servent: Uint8Array.from({ length: 16 }, (_, at) => at)
      }
    ],
    [
      'a query hit with a URN, as in HUGE 0.94 §1, and what LimeWire adds',
      0x81,
      `01 ca18 7f000001 80000000
       01000000 00100000 'GnutellaProtocol04.pdf' 00
       'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB' 00
       'LIME' 04 39 31 0100                # push, measured, GGEP, no upload yet; 1 byte of XML
       01 c3 82 'BH' 40                    # something of its own, then browse host
       000102030405060708090a0b0c0d0e0f`,
      {
        type: 'query-hit',
        address: { ip: '127.0.0.1', port: 6346 },
        speed: 128,
        results: [
          {
            index: 1,
            size: 4096,
            name: 'GnutellaProtocol04.pdf',
            extensions: [{ type: 'urn', urn: 'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB' }]
          }
        ],
        trailer: {
          vendor: 'LIME',
          flags: { push: true, uploaded: false, measured: true, ggep: true },
          open: bytes('0100'),
          private: bytes("01 c3 82 'BH' 40")
        },
        servent: Uint8Array.from({ length: 16 }, (_, at) => at)
      }
    ],
    [
      'a push',
      0x40,
      '000102030405060708090a0b0c0d0e0f 03000000 7f000001 ca18',
      {
        type: 'push',
        servent: Uint8Array.from({ length: 16 }, (_, at) => at),
        index: 3,
        address: { ip: '127.0.0.1', port: 6346 },
        extensions: []
      }
    ],
    [
      'a short bye',
      0x02,
      "c800 'Shutting Down' 00",
      { type: 'bye', code: 200, reason: 'Shutting Down', headers: [] }
    ],
    [
      'a bye with headers, as in its proposal',
      0x02,
      "f601 'Send Queue Full (40960 bytes)' 0d0a 'Server: my server/version' 0d0a 0d0a 00",
      {
        type: 'bye',
        code: 502,
        reason: 'Send Queue Full (40960 bytes)',
        headers: [['Server', 'my server/version']]
      }
    ],
    [
      'a list of vendors, as in the framework for vendor messages',
      0x31,
      "00000000 feff 0100 'BEAR' 'GTKG'",
      {
        type: 'vendor',
        standard: false,
        vendor: '\0\0\0\0',
        selector: 0xfffe,
        version: 1,
        data: bytes("'BEARGTKG'")
      }
    ],
    [
      'hops flow, as in the framework for vendor messages',
      0x31,
      "'BEAR' 0400 0100 05",
      {
        type: 'vendor',
        standard: false,
        vendor: 'BEAR',
        selector: 4,
        version: 1,
        data: bytes('05')
      }
    ],
    ['a reset', 0x30, '00 00000100 07', { type: 'reset', slots: 65_536, infinity: 7 }],
    [
      'a patch',
      0x30,
      '01 02 03 01 04 789c',
      {
        type: 'patch',
        sequence: 2,
        of: 3,
        compressed: true,
        entryBits: 4,
        data: bytes('789c')
      }
    ],
    ['a later kind', 0x03, '0102', { type: 'unknown', code: 3, bytes: bytes('0102') }],
    [
      'a later variant of route table updates',
      0x30,
      '02 01',
      { type: 'unknown', code: 0x30, bytes: bytes('0201') }
    ]
  ])('%s', (_, code, payload, expected) => {
    const message = { guid, ttl: 7, hops: 0, payload: expected }
    expect(decodeMessage(written(code, bytes(payload)))).toEqual(message)
    expect(encodeMessage(message)).toEqual(written(code, bytes(payload)))
  })
})

describe('a message', () => {
  test.each(Object.entries(payloads))('with a %s is read as it was written', (_, payload) => {
    fc.assert(
      fc.property(payload, (payload) => {
        const message = { guid, ttl: 1, hops: 2, payload }
        expect(decodeMessage(encodeMessage(message))).toEqual(message)
      })
    )
  })

  test('of another length than its header says is refused', () => {
    const good = written(codes.push, new Uint8Array(26))
    expect(decodeMessage(good)).not.toBeInstanceOf(WireError)
    expect(decodeMessage(good.subarray(0, -1))).toBeInstanceOf(WireError)
    expect(decodeMessage(Uint8Array.of(...good, 0))).toBeInstanceOf(WireError)
  })

  test('keeps no view of the bytes it came in', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const good = encodeMessage(message)
        const again = decodeMessage(good)
        good.fill(0)
        expect(again).toEqual(message)
      })
    )
  })

  test.each<[string, number, string]>([
    ['a pong cut short', codes.pong, '00'.repeat(13)],
    ['a query without an end', codes.query, "8000 'x'"],
    ['a query of one byte', codes.query, '00'],
    ['a query hit cut short', codes.queryHit, '00'.repeat(26)],
    ['a query hit with fewer results than it says', codes.queryHit, `02${'00'.repeat(36)}`],
    [
      'a query hit with half a trailer',
      codes.queryHit,
      `00${'00'.repeat(10)} 'LIM' ${'00'.repeat(16)}`
    ],
    [
      'a query hit with too little open data',
      codes.queryHit,
      `00${'00'.repeat(10)} 'LIME' 02 00 ${'00'.repeat(16)}`
    ],
    ['a push cut short', codes.push, '00'.repeat(25)],
    ['a bye of one byte', codes.bye, 'c8'],
    ['a bye with a broken header', codes.bye, "c800 'so long' 0d0a 'no colon' 0d0a 0d0a 00"],
    ['a vendor message cut short', codes.vendor, "'BEAR' 0400 01"],
    ['an empty route table update', codes.routeTable, ''],
    ['a reset cut short', codes.routeTable, '00 08000000'],
    ['a reset to no power of two', codes.routeTable, '00 09000000 07'],
    ['a reset to 4 slots', codes.routeTable, '00 04000000 07'],
    ['a reset to 2^22 slots', codes.routeTable, '00 00004000 07'],
    ['a reset to 2^31 slots', codes.routeTable, '00 00000080 07'],
    ['a reset that reaches to 1', codes.routeTable, '00 08000000 01'],
    ['a reset that reaches to 129', codes.routeTable, '00 08000000 81'],
    ['a patch cut short', codes.routeTable, '01 01 01 00'],
    ['a patch number 0', codes.routeTable, '01 00 01 00 04'],
    ['a patch number 2 of 1', codes.routeTable, '01 02 01 00 04'],
    ['a patch of an unknown compression', codes.routeTable, '01 01 01 02 04'],
    ['a patch of 5 bits', codes.routeTable, '01 01 01 00 05'],
    ['a broken GGEP block', codes.ping, 'c3']
  ])('with %s is refused', (_, code, payload) => {
    expect(read(code, payload)).toBeInstanceOf(WireError)
  })

  test.each([8, 2 ** 21])('may reset to %i slots', (slots) => {
    const payload: Payload = { type: 'reset', slots, infinity: slots === 8 ? 2 : 128 }
    const message = { guid, ttl: 1, hops: 0, payload }
    expect(decodeMessage(encodeMessage(message))).toEqual(message)
  })

  test('with a text that is no UTF-8 has it as Latin-1', () => {
    expect(read(codes.query, '8000 c962e96e69737465 00')).toMatchObject({ text: 'Ébéniste' })
    expect(read(codes.query, "8000 'Ébéniste' 00")).toMatchObject({ text: 'Ébéniste' })
  })

  test('is not written when it could not be read', () => {
    const address = { ip: '127.0.0.1', port: 1 }
    const hit = { type: 'query-hit', address, speed: 1, trailer: undefined, servent: guid } as const
    const result = { index: 1, size: 1, name: 'x', extensions: [] }
    const nul = { id: 'x', data: bytes('00'), cobs: false, deflated: false }
    const trailer = { vendor: 'LIME', flags: {}, open: new Uint8Array(0), private: bytes('') }
    const wrong: Payload[] = [
      { type: 'query', flags: none, text: 'a\0b', extensions: [] },
      { type: 'query', flags: none, text: 'x'.repeat(1_022), extensions: [] },
      { type: 'query', flags: { minSpeed: 0x80 }, text: '', extensions: [] },
      { type: 'pong', address: { ip: '1.2.3', port: 1 }, files: 0, kib: 0, extensions: [] },
      { type: 'pong', address: { ip: '1.2.3.256', port: 1 }, files: 0, kib: 0, extensions: [] },
      { ...hit, results: Array.from({ length: 256 }, () => result) },
      { ...hit, results: [], servent: bytes('00') },
      { ...hit, results: [{ ...result, extensions: [{ type: 'ggep', extensions: [nul] }] }] },
      { ...hit, results: [], trailer: { ...trailer, vendor: 'LIM' } },
      { ...hit, results: [], trailer: { ...trailer, open: new Uint8Array(254) } },
      { type: 'push', servent: bytes('00'), index: 1, address, extensions: [] },
      { type: 'bye', code: 200, reason: 'two\r\nlines', headers: [] },
      { type: 'bye', code: 200, reason: '', headers: [['no token', 'x']] },
      { type: 'bye', code: 200, reason: '', headers: [['A', 'two\r\nlines']] },
      { type: 'vendor', standard: true, vendor: 'GTK', selector: 1, version: 1, data: bytes('') }
    ]
    for (const payload of wrong) {
      expect(() => encodeMessage({ guid, ttl: 1, hops: 0, payload })).toThrow(WireError)
    }
    const ping: Payload = { type: 'ping', extensions: [] }
    expect(() => encodeMessage({ guid: bytes('00'), ttl: 1, hops: 0, payload: ping })).toThrow(
      WireError
    )
  })
})

describe('the GGEP block of a hit', () => {
  const trailer = { vendor: 'LIME', open: bytes(''), private: bytes("01 c3 82 'BH' 40") }
  const found = [{ id: 'BH', data: bytes(''), cobs: false, deflated: false }]

  test('is found behind what an old client has in front of it', () => {
    expect(privateGgep({ ...trailer, flags: { ggep: true } })).toEqual(found)
  })

  test('is not looked for where the flags do not tell of one', () => {
    expect(privateGgep({ ...trailer, flags: { ggep: false } })).toEqual([])
    expect(privateGgep({ ...trailer, flags: undefined })).toEqual([])
  })

  test('may be broken', () => {
    const broken = { ...trailer, flags: { ggep: true }, private: bytes('c3') }
    expect(privateGgep(broken)).toBeInstanceOf(WireError)
  })
})

describe('a stream of messages', () => {
  const framing = gnutellaMessages()
  const ping: Message = { guid, ttl: 1, hops: 0, payload: { type: 'ping', extensions: [] } }

  /** All that a reader finds in bytes cut into chunks. */
  function readAll(stream: Uint8Array, chunk: number): unknown[] {
    const found: unknown[] = []
    const messages = framing.reader()
    for (let at = 0; at < stream.length; at += chunk) {
      messages.push(stream.subarray(at, at + chunk))
      for (let next = messages.next(); next !== undefined; next = messages.next()) {
        found.push(next)
      }
    }
    return found
  }

  test('is read as it was written, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(messages), fc.integer({ min: 1, max: 50 }), (sent, chunk) => {
        const stream = Uint8Array.from(
          sent.flatMap((message) => [...(framing.encode(message) as Uint8Array)])
        )
        expect(readAll(stream, chunk)).toEqual(sent)
      })
    )
  })

  test('goes on after a payload that is broken', () => {
    const stream = Uint8Array.of(...written(codes.bye, bytes('00')), ...encodeMessage(ping))
    expect(readAll(stream, stream.length)).toEqual([expect.any(WireError), ping])
  })

  test('ends at a header that is broken', () => {
    const messages = framing.reader()
    messages.push(new Uint8Array(headerLength).fill(0xff))
    const error = messages.next()
    expect(error).toBeInstanceOf(WireError)
    messages.push(encodeMessage(ping))
    expect(messages.next()).toBe(error)
  })
})
