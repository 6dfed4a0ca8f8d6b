import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeHashExtension,
  encodeHashExtension,
  formatUrn,
  ggepNamed,
  limits,
  parseUrn,
  type Extension,
  type GgepExtension
} from '../../src/gnutella06.ts'
import { decodeBase32, encodeBase32 } from '../../src/gnutella06/base32.ts'
import { decodeExtensions, encodeExtensions } from '../../src/gnutella06/extensions.ts'
import { bytes } from './hex.ts'

const hash = fc.record({
  sha1: fc.uint8Array({ minLength: 20, maxLength: 20 }),
  tigerTree: fc.option(fc.uint8Array({ minLength: 24, maxLength: 24 }), { nil: undefined })
})

describe('base 32', () => {
  test('of 0F F5 is B72Q, as in HUGE 0.94', () => {
    expect(encodeBase32(bytes('0ff5'))).toBe('B72Q')
    expect(decodeBase32('B72Q')).toEqual(bytes('0ff5'))
  })

  test.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI']
  ])('of %s is %s, as in RFC 4648', (text, expected) => {
    expect(encodeBase32(new TextEncoder().encode(text))).toBe(expected)
    expect(decodeBase32(expected.toLowerCase())).toEqual(new TextEncoder().encode(text))
  })

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (data) => {
        expect(decodeBase32(encodeBase32(data))).toEqual(data)
      })
    )
  })

  test.each(['0', 'A1', 'A', 'ABC', 'AB=', 'MZ'])('of %j is refused', (wrong) => {
    expect(decodeBase32(wrong)).toBeUndefined()
  })
})

describe('a URN', () => {
  const urn = 'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB'

  test('is read in any case and written in capitals', () => {
    const hash = parseUrn(urn.toLowerCase())
    expect(hash).not.toBeInstanceOf(WireError)
    expect(parseUrn(urn)).toEqual(hash)
    if (!(hash instanceof WireError)) expect(formatUrn(hash)).toBe(urn)
  })

  test('is read as it was written, as text and as the GGEP extension H', () => {
    fc.assert(
      fc.property(hash, (hash) => {
        expect(parseUrn(formatUrn(hash))).toEqual(hash)
        expect(decodeHashExtension(encodeHashExtension(hash))).toEqual(hash)
      })
    )
  })

  test('that is a bitprint begins with the SHA-1', () => {
    const bitprint = `urn:bitprint:${urn.slice(9)}.${'A'.repeat(39)}`
    expect(parseUrn(bitprint)).toMatchObject({ sha1: (parseUrn(urn) as { sha1: unknown }).sha1 })
  })

  test.each([
    'urn:',
    'urn:sha1:',
    urn.slice(0, -1),
    `${urn}A`,
    'urn:md5:A',
    `urn:bitprint:${urn.slice(9)}.${'A'.repeat(38)}B`
  ])('%s names no file', (other) => {
    expect(parseUrn(other)).toBeInstanceOf(WireError)
  })

  test.each(['', '01', `01${'00'.repeat(21)}`, `02${'00'.repeat(43)}`, `03${'00'.repeat(20)}`])(
    'H of %s is refused',
    (wrong) => {
      expect(decodeHashExtension(bytes(wrong))).toBeInstanceOf(WireError)
    }
  )
})

describe('extensions', () => {
  test('of HUGE and GGEP stand side by side', () => {
    const side = bytes(`
      'urn:'
      1c '<xml/>'
      1c c3 81 'H' 41 01
      c3 81 'u' 40          # GGEP blocks are packed
      1c 'urn:sha1:'        # and what is newer comes after them
    `)
    const found = decodeExtensions(side)
    expect(found).toEqual([
      { type: 'urn', urn: 'urn:' },
      { type: 'other', bytes: bytes("'<xml/>'") },
      { type: 'ggep', extensions: [{ id: 'H', data: bytes('01'), cobs: false, deflated: false }] },
      { type: 'ggep', extensions: [{ id: 'u', data: bytes(''), cobs: false, deflated: false }] },
      { type: 'urn', urn: 'urn:sha1:' }
    ])
    expect(encodeExtensions(found as Extension[])).toEqual(side)
  })

  test('of GGEP are found by name, in whichever block', () => {
    const named = (id: string, data: string): GgepExtension => ({
      id,
      data: bytes(data),
      cobs: false,
      deflated: false
    })
    const all: Extension[] = [
      { type: 'ggep', extensions: [named('H', '01'), named('u', '02')] },
      { type: 'urn', urn: 'urn:' },
      { type: 'ggep', extensions: [named('H', '03')] }
    ]
    expect(ggepNamed(all, 'H')).toEqual([named('H', '01'), named('H', '03')])
    expect(ggepNamed(all, 'h')).toEqual([])
  })

  test('may be 32 in one place and not one more', () => {
    const many = (count: number): Uint8Array => bytes("'a' 1c".repeat(count))
    expect(decodeExtensions(many(limits.extensions.items))).toHaveLength(32)
    expect(decodeExtensions(many(33))).toBeInstanceOf(WireError)
    const other = { type: 'other', bytes: bytes('61') } as const
    expect(() => encodeExtensions(Array.from({ length: 33 }, () => other))).toThrow(WireError)
  })

  test.each<Extension>([
    { type: 'urn', urn: 'urn:\0' },
    { type: 'urn', urn: 'sha1:' },
    { type: 'other', bytes: bytes('') },
    { type: 'other', bytes: bytes('c3') },
    { type: 'other', bytes: bytes('61 1c 61') },
    { type: 'other', bytes: bytes("'urn:a'") }
  ])('that would be read as something else are not written: %o', (wrong) => {
    expect(() => encodeExtensions([wrong])).toThrow(WireError)
  })
})
