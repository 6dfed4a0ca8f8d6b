import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeGgep,
  deflatedGgep,
  encodeGgep,
  ggepData,
  limits,
  type GgepExtension
} from '../../src/gnutella06.ts'
import { decodeCobs, encodeCobs } from '../../src/gnutella06/cobs.ts'
import { deflate, inflate } from '../../src/gnutella06/compression.ts'
import { decodeGgepLength, encodeGgepLength } from '../../src/gnutella06/ggep-length.ts'
import { ggepBlock } from './arbitraries.ts'
import { bytes, hex } from './hex.ts'

const plain = (id: string, data: Uint8Array): GgepExtension => ({
  id,
  data,
  cobs: false,
  deflated: false
})

describe('a GGEP length', () => {
  test.each([
    [0, '40'],
    [63, '7f'],
    [64, '8140'],
    [4095, 'bf7f'],
    [4096, '818040'],
    [262_143, 'bfbf7f']
  ])('of %i is %s, as in the specification', (length, expected) => {
    expect(hex(encodeGgepLength(length))).toBe(expected)
    expect(decodeGgepLength(bytes(expected), 0)).toEqual({ length, end: expected.length / 2 })
  })

  test.each(['', '81', '80 80 80 40', '00', 'c0'])('of bytes %j is refused', (wrong) => {
    expect(decodeGgepLength(bytes(wrong), 0)).toBeInstanceOf(WireError)
  })

  test('holds no NUL and is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 18 - 1), (length) => {
        const encoded = encodeGgepLength(length)
        expect(encoded).not.toContain(0)
        expect(decodeGgepLength(encoded, 0)).toEqual({ length, end: encoded.length })
      })
    )
  })
})

describe('COBS', () => {
  test.each([
    ['', '01'],
    ['00', '0101'],
    ['11 00', '021101'],
    ['11 22 00 33', '0311220233'],
    ['11 00 00 00', '0211010101']
  ])('makes %s into %s', (data, expected) => {
    expect(hex(encodeCobs(bytes(data)))).toBe(expected)
    expect(decodeCobs(bytes(expected))).toEqual(bytes(data))
  })

  test.each([253, 254, 255, 508, 509])('takes %i bytes without a NUL', (length) => {
    const data = new Uint8Array(length).fill(7)
    const encoded = encodeCobs(data)
    expect(encoded.length).toBe(length + Math.floor(length / 254) + 1)
    expect(decodeCobs(encoded)).toEqual(data)
  })

  test('of a full run may end with it', () => {
    const data = new Uint8Array(254).fill(7)
    expect(decodeCobs(Uint8Array.of(255, ...data))).toEqual(data)
  })

  test('holds no NUL and is read as it was written', () => {
    const zeroes = fc.uint8Array({ max: 2, maxLength: 700 })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 700 }), zeroes), (data) => {
        const encoded = encodeCobs(data)
        expect(encoded).not.toContain(0)
        expect(decodeCobs(encoded)).toEqual(data)
      })
    )
  })

  test.each(['00', '02', '0311', '0211 00'])('%s is refused', (wrong) => {
    expect(decodeCobs(bytes(wrong))).toBeInstanceOf(WireError)
  })
})

describe('zlib data', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (data) => {
        expect(inflate(deflate(data), data.length)).toEqual(data)
      })
    )
  })

  test('may inflate to its limit and not to one byte more', () => {
    const bomb = deflate(new Uint8Array(100_000))
    expect(inflate(bomb, 100_000)).toHaveLength(100_000)
    expect(inflate(bomb, 99_999)).toBeInstanceOf(WireError)
  })

  test('is refused when it is cut short, has another checksum or is something else', () => {
    const good = deflate(new TextEncoder().encode('blue train'))
    expect(inflate(good.subarray(0, -1), 100)).toBeInstanceOf(WireError)
    expect(inflate(Uint8Array.of(...good.subarray(0, -1), 0), 100)).toBeInstanceOf(WireError)
    expect(inflate(bytes('1f 8b 08 00 00 00 00 00 00'), 100)).toBeInstanceOf(WireError)
    expect(inflate(new Uint8Array(0), 100)).toBeInstanceOf(WireError)
  })
})

describe('a GGEP block', () => {
  test('has the bytes of the specification', () => {
    const block = bytes(`
      c3             # magic
      02 'VC' 45     # name of two bytes, five bytes of data
      'GTKG' 65
      c1 'H' 43      # the last one, as COBS
      02 11 01       # 11 00
    `)
    const extensions = [
      plain('VC', bytes("'GTKG' 65")),
      { id: 'H', data: bytes('11 00'), cobs: true, deflated: false }
    ]
    expect(decodeGgep(block)).toEqual({ extensions, end: block.length })
    expect(encodeGgep(extensions)).toEqual(block)
  })

  test('is read as it was written', () => {
    fc.assert(
      fc.property(ggepBlock, fc.uint8Array({ maxLength: 5 }), (extensions, after) => {
        const block = encodeGgep(extensions)
        const read = decodeGgep(Uint8Array.of(...block, ...after))
        expect(read).toEqual({ extensions, end: block.length })
      })
    )
  })

  test('keeps deflated data as it is until somebody wants it', () => {
    const data = new TextEncoder().encode('la '.repeat(100))
    const extension = deflatedGgep('x', data, { cobs: true })
    expect(extension.data.length).toBeLessThan(30)
    const read = decodeGgep(encodeGgep([extension]))
    expect(read).toMatchObject({ extensions: [extension] })
    expect(ggepData(extension)).toEqual(data)
  })

  test('inflates to 64 KiB and not to one byte more', () => {
    const grown = (length: number): Uint8Array | WireError =>
      ggepData(deflatedGgep('x', new Uint8Array(length)))
    expect(grown(limits.extensions.inflated)).toHaveLength(64 * 1024)
    expect(grown(limits.extensions.inflated + 1)).toBeInstanceOf(WireError)
  })

  test('has 64 extensions at most', () => {
    const many = (count: number): GgepExtension[] =>
      Array.from({ length: count }, () => plain('x', new Uint8Array(0)))
    const full = encodeGgep(many(64))
    expect(decodeGgep(full)).toMatchObject({ end: full.length })
    expect(() => encodeGgep(many(65))).toThrow(WireError)
    // one more in front of the first
    const over = Uint8Array.of(0xc3, 0x01, 0x78, 0x40, ...full.subarray(1))
    expect(decodeGgep(over)).toBeInstanceOf(WireError)
  })

  test('has names of 1 to 15 bytes', () => {
    const named = (id: string): Uint8Array => encodeGgep([plain(id, new Uint8Array(0))])
    expect(decodeGgep(named('x'.repeat(15)))).not.toBeInstanceOf(WireError)
    expect(() => named('x'.repeat(16))).toThrow(WireError)
    expect(() => named('')).toThrow(WireError)
    expect(() => named('a\0b')).toThrow(WireError)
  })

  test('has data of 262,143 bytes at most', () => {
    const sized = (length: number): Uint8Array => encodeGgep([plain('x', new Uint8Array(length))])
    expect(decodeGgep(sized(262_143))).not.toBeInstanceOf(WireError)
    expect(() => sized(262_144)).toThrow(WireError)
  })

  test.each([
    ['without an end', 'c3'],
    ['of another magic', 'c4 81 78 40'],
    ['with no name', 'c3 80 40'],
    ['with a NUL in its name', 'c3 82 7800 40'],
    ['cut short in a name', 'c3 82 78'],
    ['cut short in a length', 'c3 81 78 81'],
    ['cut short in its data', 'c3 81 78 42 01'],
    ['with the reserved flag', 'c3 91 78 40'],
    ['with COBS that is none', 'c3 c1 78 41 05'],
    ['without a last extension', 'c3 01 78 40']
  ])('%s is refused', (_, wrong) => {
    expect(decodeGgep(bytes(wrong))).toBeInstanceOf(WireError)
  })
})
