import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBencode, decodePrefix, type Bencode, type Decoded } from '../src/codec/bencode.ts'
import { encodeBencode } from '../src/codec/bencode-encode.ts'
import { BencodeError } from '../src/errors.ts'
import { limits } from '../src/limits.ts'
import { binary } from './support/torrents.ts'

function decode(text: string): Bencode {
  return ok(decodeBencode(binary(text))).value
}

function ok(decoded: Decoded | BencodeError): Decoded {
  if (decoded instanceof BencodeError) throw decoded
  return decoded
}

function fault(text: string | Uint8Array, bounds?: { depth: number; tokens: number }) {
  const decoded = decodeBencode(typeof text === 'string' ? binary(text) : text, bounds)
  return decoded instanceof BencodeError ? decoded.fault : decoded
}

const bytes = (text: string) => binary(text)

describe('values', () => {
  test('every kind is read', () => {
    expect(decode('i0e')).toBe(0)
    expect(decode('i-42e')).toBe(-42)
    expect(decode('i9007199254740991e')).toBe(Number.MAX_SAFE_INTEGER)
    expect(decode('0:')).toEqual(new Uint8Array())
    expect(decode('4:spam')).toEqual(bytes('spam'))
    expect(decode('le')).toEqual([])
    expect(decode('li1e1:ali2eee')).toEqual([1, bytes('a'), [2]])
    expect({ ...(decode('d1:ad1:bi1ee1:ci2ee') as object) }).toEqual({
      a: Object.assign(Object.create(null), { b: 1 }),
      c: 2
    })
  })

  test('byte strings are views of the input', () => {
    const input = bytes('l4:spame')
    const [spam] = ok(decodeBencode(input)).value as Uint8Array[]
    expect(spam!.buffer).toBe(input.buffer)
  })

  test('keys are binary strings, one character per byte', () => {
    const value = decode('d2:\xc3\xa9i1ee') as Record<string, Bencode>
    expect(Object.keys(value)).toEqual(['\xc3\xa9'])
  })

  test('a key named __proto__ is a key like any other', () => {
    const value = decode('d9:__proto__d8:pollutedi1eee') as Record<string, Bencode>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(value['polluted']).toBeUndefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(encodeBencode(value as { [key: string]: Bencode })).toEqual(
      bytes('d9:__proto__d8:pollutedi1eee')
    )
  })

  test('the raw span is of the outermost info only', () => {
    const text = 'd1:ad4:infoi1ee4:infod1:b1:xe1:zi0ee'
    expect(ok(decodeBencode(bytes(text))).info).toEqual(bytes('d1:b1:xe'))
    expect(ok(decodeBencode(bytes('d1:ad4:infoi1eee'))).info).toBeUndefined()
    expect(ok(decodeBencode(bytes('ld4:infoi1eee'))).info).toBeUndefined()
  })

  test('a prefix says where its value ended', () => {
    const { value, end } = ok(decodePrefix(bytes('d5:piecei0eeDATA')))
    expect(end).toBe(12)
    expect({ ...(value as object) }).toEqual({ piece: 0 })
  })
})

describe('what has two spellings, or none, is refused', () => {
  test.each([
    ['', 'cut-short'],
    ['i', 'integer'],
    ['ie', 'integer'],
    ['i-e', 'integer'],
    ['i-0e', 'integer'],
    ['i00e', 'integer'],
    ['i01e', 'integer'],
    ['i-01e', 'integer'],
    ['i+1e', 'integer'],
    ['i 1e', 'integer'],
    ['i1', 'integer'],
    ['i1.5e', 'integer'],
    ['i--1e', 'integer'],
    ['i9007199254740992e', 'integer'],
    ['i-9007199254740992e', 'integer'],
    [`i${'9'.repeat(100_000)}e`, 'integer'],
    ['1', 'length'],
    ['1:', 'length'],
    ['5:spam', 'length'],
    ['01:a', 'integer'],
    ['00:', 'integer'],
    ['-1:a', 'unknown'],
    ['99999999999999999999:a', 'integer'],
    ['99999999:', 'length'],
    ['4 spam', 'length'],
    ['l', 'cut-short'],
    ['li1e', 'cut-short'],
    ['d', 'cut-short'],
    ['d1:a', 'cut-short'],
    ['d1:ae', 'cut-short'],
    ['di1ei2ee', 'key-type'],
    ['dlei2ee', 'key-type'],
    ['d1:bi1e1:ai2ee', 'key-order'],
    ['d1:ai1e1:ai2ee', 'key-order'],
    ['d2:aai1e1:ai2ee', 'key-order'],
    ['d1:\xffi1e1:\x00i2ee', 'key-order'],
    ['e', 'unknown'],
    ['x', 'unknown'],
    [' i1e', 'unknown'],
    ['i1ei2e', 'trailing'],
    ['i1e\n', 'trailing'],
    ['dee', 'trailing']
  ])('%j: %s', (text, expected) => {
    expect(fault(text)).toBe(expected)
  })

  test('the message says where', () => {
    const error = decodeBencode(bytes('li1ei02ee')) as BencodeError
    expect(error).toMatchObject({ name: 'BencodeError', fault: 'integer', at: 6 })
    expect(error.message).toBe('a leading zero, at byte 6')
  })
})

describe('bounds', () => {
  test.each(Object.entries(limits.bencode))(
    'depth of a %s: at the limit and one past it',
    (_, b) => {
      expect(fault('l'.repeat(b.depth) + 'e'.repeat(b.depth), b)).toBeTypeOf('object')
      expect(fault('l'.repeat(b.depth + 1) + 'e'.repeat(b.depth + 1), b)).toBe('depth')
    }
  )

  test.each(Object.entries(limits.bencode))('values of a %s: likewise', (_, b) => {
    expect(fault(`l${'i1e'.repeat(b.tokens - 1)}e`, b)).toBeTypeOf('object')
    expect(fault(`l${'i1e'.repeat(b.tokens)}e`, b)).toBe('tokens')
  })

  test('keys count as values', () => {
    expect(fault('d1:ai1ee', { depth: 1, tokens: 3 })).toBeTypeOf('object')
    expect(fault('d1:ai1ee', { depth: 1, tokens: 2 })).toBe('tokens')
  })

  test('nesting of any depth ends in an error, whatever the bound', () => {
    for (const [open, close] of [
      ['l', 'e'],
      ['d1:a', 'e']
    ] as const) {
      const bomb = open.repeat(100_000) + 'i1e' + close.repeat(100_000)
      expect(fault(bomb)).toBe('depth')
      expect(fault(open.repeat(100_000))).toBe('depth')
      expect(fault(bomb, { depth: 200_000, tokens: 1_000_000 })).toBeTypeOf('object')
    }
  })
})

const tree = fc.letrec<{ value: Bencode }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.maxSafeInteger(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 6 }) as fc.Arbitrary<Bencode>,
    fc.dictionary(fc.string({ unit: 'binary-ascii', maxLength: 12 }), tie('value'), {
      maxKeys: 6,
      noNullPrototype: false
    }) as fc.Arbitrary<Bencode>
  )
})).value

describe('for all', () => {
  test('what is encoded reads back, and encodes to the same bytes', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const encoded = encodeBencode(value)
        const back = ok(decodeBencode(encoded)).value
        expect(encodeBencode(back)).toEqual(encoded)
      })
    )
  })

  test('what is read encodes to the very bytes it was read from', () => {
    const soup = fc
      .array(fc.constantFrom('d', 'l', 'e', 'i1e', 'i0e', 'i-7e', '1:a', '1:b', '0:', '2:ab', 'x'))
      .map((parts) => bytes(parts.join('')))
    fc.assert(
      fc.property(soup, (input) => {
        const decoded = decodeBencode(input)
        if (!(decoded instanceof BencodeError)) expect(encodeBencode(decoded.value)).toEqual(input)
      }),
      { numRuns: 2_000 }
    )
  })

  test('any bytes give a value or an error, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        const decoded = decodeBencode(input)
        expect(decoded instanceof BencodeError || decoded.end === input.length).toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })

  test('a good value with one byte changed gives a value or an error', () => {
    const changed = fc.tuple(tree.map(encodeBencode), fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(changed, ([input, at, byte]) => {
        input[at % input.length] = byte
        const decoded = decodeBencode(input)
        if (!(decoded instanceof BencodeError)) expect(encodeBencode(decoded.value)).toEqual(input)
      })
    )
  })
})

test('time grows with the input and no faster', () => {
  const cost = (input: Uint8Array) => {
    const before = performance.now()
    decodeBencode(input, { depth: 32, tokens: 10_000_000 })
    return performance.now() - before
  }
  const shapes: ((n: number) => string)[] = [
    (n) => `l${'i1e'.repeat(n)}e`,
    (n) => `l${'0:'.repeat(n)}e`,
    (n) => 'd1:a'.repeat(n),
    (n) => `${'9'.repeat(n)}:`,
    (n) => `d${n}:${'k'.repeat(n)}i1ee`
  ]
  for (const shape of shapes) {
    const large = bytes(shape(200_000))
    cost(large)
    // quadratic work would take minutes here
    expect(cost(large)).toBeLessThan(1_000)
  }
})

describe('encoding', () => {
  test('keys are sorted, text is UTF-8, undefined is left out', () => {
    expect(encodeBencode({ b: 'é', a: undefined, aa: [1, -2] })).toEqual(
      bytes('d2:aali1ei-2ee1:b2:\xc3\xa9e')
    )
    expect(encodeBencode(-0)).toEqual(bytes('i0e'))
  })

  test.each([[1.5], [Number.NaN], [2 ** 53], [{ é: 1, '€': 2 }], [{ '😀': 1 }]])(
    '%j has no canonical spelling',
    (value) => {
      expect(() => encodeBencode(value)).toThrow(RangeError)
    }
  )

  test('nothing is encoded that the decoder would refuse as too deep', () => {
    const nest = (depth: number) => {
      let value: Bencode = []
      for (let level = 1; level < depth; level++) value = [value]
      return value
    }
    const { depth } = limits.bencode.file
    expect(fault(encodeBencode(nest(depth)))).toBeTypeOf('object')
    expect(() => encodeBencode(nest(depth + 1))).toThrow(RangeError)
  })
})
