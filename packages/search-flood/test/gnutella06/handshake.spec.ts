import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeHandshake,
  formatHosts,
  HandshakeReader,
  headerOf,
  limits,
  parseHosts,
  readHandshake,
  type HandshakeGroup
} from '../../src/gnutella06.ts'
import { handshakes } from './arbitraries.ts'

const utf8 = new TextEncoder()

/** What is read of lines. */
function read(...lines: string[]): HandshakeGroup | WireError | undefined {
  const found = readHandshake(utf8.encode(lines.map((line) => `${line}\r\n`).join('')))
  return found == null || found instanceof WireError ? found : found.group
}

const connect = 'GNUTELLA CONNECT/0.6'

describe('a handshake', () => {
  // "An Extensible Handshaking Protocol for the Gnutella Network", §3
  test.each<[string, HandshakeGroup]>([
    [
      'GNUTELLA CONNECT/0.6\r\nUser-Agent: BearShare\r\nQuery-Routing: 0.2\r\n\r\n',
      {
        type: 'connect',
        version: '0.6',
        headers: [
          ['User-Agent', 'BearShare'],
          ['Query-Routing', '0.2']
        ]
      }
    ],
    [
      'GNUTELLA/0.6 200 OK\r\nUser-Agent: BearShare\r\nQuery-Routing: 0.1\r\nBearShare-Data: 5ef89a\r\n\r\n',
      {
        type: 'response',
        version: '0.6',
        code: 200,
        text: 'OK',
        headers: [
          ['User-Agent', 'BearShare'],
          ['Query-Routing', '0.1'],
          ['BearShare-Data', '5ef89a']
        ]
      }
    ],
    [
      'GNUTELLA/0.6 200 OK\r\nBearShare-Data: a04fce\r\n\r\n',
      {
        type: 'response',
        version: '0.6',
        code: 200,
        text: 'OK',
        headers: [['BearShare-Data', 'a04fce']]
      }
    ],
    [
      'GNUTELLA/0.6 503\r\n\r\n',
      { type: 'response', version: '0.6', code: 503, text: '', headers: [] }
    ]
  ])('of %j is that of its proposal', (text, group) => {
    expect(readHandshake(utf8.encode(text))).toEqual({ group, length: text.length })
    expect(encodeHandshake(group)).toEqual(utf8.encode(text))
  })

  test('is read as it was written, whatever follows it', () => {
    fc.assert(
      fc.property(handshakes, fc.uint8Array({ maxLength: 9 }), (group, after) => {
        const bytes = encodeHandshake(group)
        const found = readHandshake(Uint8Array.of(...bytes, ...after))
        expect(found).toEqual({ group, length: bytes.length })
      })
    )
  })

  test('is not read before it is whole', () => {
    fc.assert(
      fc.property(handshakes, fc.nat(), (group, cut) => {
        const bytes = encodeHandshake(group)
        expect(readHandshake(bytes.subarray(0, cut % bytes.length))).toBeUndefined()
      })
    )
  })

  test('may come from a later version, and with line feeds alone', () => {
    expect(read('GNUTELLA CONNECT/0.7', '')).toMatchObject({ version: '0.7' })
    const found = readHandshake(utf8.encode('GNUTELLA CONNECT/0.6\nX: y\n\n'))
    expect(found).toMatchObject({ group: { headers: [['X', 'y']] }, length: 27 })
  })

  test('may have headers over several lines, and several times', () => {
    const group = read(
      connect,
      'x-try: 1.2.3.4:5,',
      '  6.7.8.9:10',
      'Empty:',
      'X-TRY: 1.1.1.1:1',
      ''
    )
    if (group == null || group instanceof WireError) throw new Error('it is not read')
    expect(group.headers[0]).toEqual(['x-try', '1.2.3.4:5, 6.7.8.9:10'])
    expect(headerOf(group.headers, 'X-Try')).toBe('1.2.3.4:5, 6.7.8.9:10, 1.1.1.1:1')
    expect(headerOf(group.headers, 'empty')).toBe('')
    expect(headerOf(group.headers, 'X-Tr')).toBeUndefined()
  })

  test.each([
    ['another protocol', ['GET / HTTP/1.1', '']],
    ['version 0.4', ['GNUTELLA OK', '']],
    ['no version', ['GNUTELLA CONNECT/', '']],
    ['no number', ['GNUTELLA/0.6 OK', '']],
    ['a header without a name', [connect, ': x', '']],
    ['a header without a colon', [connect, 'User-Agent', '']],
    ['a blank in a name', [connect, 'User Agent: x', '']],
    ['a first header that goes on from none', [connect, ' x', '']],
    ['a lone return', [connect, 'X: a\rb', '']],
    ['a NUL', [connect, 'X: a\0b', '']]
  ])('with %s is refused', (_, lines) => {
    expect(read(...lines)).toBeInstanceOf(WireError)
  })

  test('is refused at its first wrong byte', () => {
    expect(readHandshake(utf8.encode('GNUT'))).toBeUndefined()
    expect(readHandshake(utf8.encode('GNUX'))).toBeInstanceOf(WireError)
  })

  test('may have 64 header lines and not one more', () => {
    const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `H${at}: x`)
    expect(read(connect, ...lines(limits.headers.lines), '')).toMatchObject({ type: 'connect' })
    expect(read(connect, ...lines(limits.headers.lines + 1), '')).toBeInstanceOf(WireError)
  })

  test('may have 8 KiB and not one byte more, whether it ends or not', () => {
    const sized = (length: number): Uint8Array => {
      const rest = length - `${connect}\r\nX: \r\n\r\n`.length
      return utf8.encode(`${connect}\r\nX: ${'x'.repeat(rest)}\r\n\r\n`)
    }
    const { bytes } = limits.headers
    expect(readHandshake(sized(bytes))).toMatchObject({ length: bytes })
    expect(readHandshake(sized(bytes + 1))).toBeInstanceOf(WireError)
    expect(readHandshake(sized(bytes + 9).subarray(0, bytes - 1))).toBeUndefined()
    expect(readHandshake(sized(bytes + 9).subarray(0, bytes))).toBeInstanceOf(WireError)
  })

  test.each<HandshakeGroup>([
    { type: 'connect', version: '0.6.1', headers: [] },
    { type: 'response', version: '0.6', code: 20, text: '', headers: [] },
    { type: 'response', version: '0.6', code: 200, text: 'OK\r\n', headers: [] },
    { type: 'connect', version: '0.6', headers: [['X', 'a\r\n\r\nb']] },
    { type: 'connect', version: '0.6', headers: [['X', 'x'.repeat(9_000)]] }
  ])('that would be read as another is not written: %o', (wrong) => {
    expect(() => encodeHandshake(wrong)).toThrow(WireError)
  })
})

describe('the other side of a handshake', () => {
  const ok: HandshakeGroup = {
    type: 'response',
    version: '0.6',
    code: 200,
    text: 'OK',
    headers: []
  }
  const hello: HandshakeGroup = { type: 'connect', version: '0.6', headers: [] }
  const busy: HandshakeGroup = { ...ok, code: 503, text: 'Busy' }

  /** All that a reader finds in groups and what follows, a byte at a time. */
  function heard(side: 'caller' | 'called', ...groups: HandshakeGroup[]): unknown[] {
    const reader = new HandshakeReader(side)
    const stream = [...groups.flatMap((group) => [...encodeHandshake(group)]), 1, 2, 3]
    const found: unknown[] = []
    for (const byte of stream) {
      reader.push(Uint8Array.of(byte))
      const next = reader.next()
      if (next != null) found.push(next)
      if (next instanceof WireError) return found
    }
    expect(reader.done).toBe(true)
    expect(reader.rest).toEqual(Uint8Array.of(1, 2, 3))
    return found
  }

  test('connects and responds to whoever is called', () => {
    expect(heard('called', hello, ok)).toEqual([hello, ok])
  })

  test('responds to the caller', () => {
    expect(heard('caller', ok)).toEqual([ok])
  })

  test('has nothing to say after a refusal', () => {
    expect(heard('caller', busy)).toEqual([busy])
    expect(heard('called', hello, busy)).toEqual([hello, busy])
  })

  test('is refused when it speaks out of turn', () => {
    expect(heard('caller', hello)).toEqual([expect.any(WireError)])
    expect(heard('called', ok)).toEqual([expect.any(WireError)])
    expect(heard('called', hello, hello)).toEqual([hello, expect.any(WireError)])
  })

  test('stays refused', () => {
    const reader = new HandshakeReader('caller')
    reader.push(utf8.encode('HTTP'))
    const error = reader.next()
    expect(error).toBeInstanceOf(WireError)
    reader.push(encodeHandshake(ok))
    expect(reader.next()).toBe(error)
  })
})

describe('hosts to try', () => {
  const hosts = [
    { ip: '127.0.0.1', port: 6346 },
    { ip: '192.0.2.7', port: 1 }
  ]

  test('are read as they were written', () => {
    expect(formatHosts(hosts)).toBe('127.0.0.1:6346,192.0.2.7:1')
    expect(parseHosts(formatHosts(hosts))).toEqual(hosts)
  })

  test('are left out where they are none', () => {
    const value =
      ' 127.0.0.1:6346 , example.org:6346,1.2.3:4,1.2.3.256:4,1.2.3.4:0,1.2.3.4:65536,,192.0.2.7:1'
    expect(parseHosts(value)).toEqual(hosts)
  })

  test('are 64 of a header and not one more', () => {
    const many = (count: number): string =>
      formatHosts(Array.from({ length: count }, () => hosts[0]!))
    expect(parseHosts(many(limits.headers.hosts))).toHaveLength(64)
    expect(parseHosts(many(limits.headers.hosts + 1))).toHaveLength(64)
  })
})
