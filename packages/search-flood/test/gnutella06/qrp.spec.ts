import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeMessage,
  encodeMessage,
  limits,
  RouteTable,
  RouteTableReceiver,
  updateMessages,
  type Patch,
  type Reset,
  type UpdateInit
} from '../../src/gnutella06.ts'
import { deflate } from '../../src/gnutella06/compression.ts'
import { bytes } from './hex.ts'

/** A table that leads to the words. */
function tableOf(words: readonly string[], slots = 8, infinity = 7): RouteTable {
  const table = new RouteTable({ slots, infinity })
  for (const word of words) table.add(word)
  return table
}

/** Whether two tables lead to the same. */
function same(a: RouteTable | undefined, b: RouteTable): boolean {
  return a?.slots === b.slots && a.differences(b).every((difference) => difference === 0)
}

/** What a receiver that has had the messages says to the last one. */
function taken(...messages: (Reset | Patch)[]): WireError | undefined {
  const receiver = new RouteTableReceiver()
  for (const message of messages.slice(0, -1)) expect(receiver.take(message)).toBeUndefined()
  return receiver.take(messages.at(-1)!)
}

/** Bytes as QRP 1.0 prints them: leading zeroes left out, a bar after the header. */
function printed(line: string): Uint8Array {
  return bytes(
    ...line
      .replace('|', '')
      .split(/\s+/)
      .filter(Boolean)
      .map((digits) => digits.padStart(2, '0'))
  )
}

/** QRP 1.0, appendix B: a leaf with "test", then "qrp" as well, then without "test". */
const examples: [name: string, init: UpdateInit, messages: string[][]][] = [
  [
    '1: eight bits',
    { entryBits: 8, compress: false },
    [
      [
        '85 d9 76 4d bf 2 1d 9a ff 72 e7 21 c3 40 dd 0 30 1 0 6 0 0 0 | 0 8 0 0 0 7',
        'a9 ab 9b 14 c1 1e 52 aa ff b4 b4 41 75 6d 29 0 30 1 0 d 0 0 0 | 1 1 1 0 8 0 0 fa 0 0 0 0 0'
      ],
      ['d6 c4 b4 21 36 d0 ae 94 ff 56 7 e9 58 dd 72 0 30 1 0 d 0 0 0 | 1 1 1 0 8 0 0 0 0 0 0 fa 0'],
      ['3a e4 59 89 ae 3b 67 8a ff 96 95 66 e8 b2 b9 0 30 1 0 d 0 0 0 | 1 1 1 0 8 0 0 6 0 0 0 0 0']
    ]
  ],
  [
    '2: four bits',
    { entryBits: 4, compress: false },
    [
      [
        '3f 7c 5a 8c 14 8a 38 22 ff bf 3b 76 5e 86 c6 0 30 1 0 6 0 0 0 | 0 8 0 0 0 7',
        '50 4a bb d7 c0 ea 68 68 ff ef 55 65 31 2f 39 0 30 1 0 9 0 0 0 | 1 1 1 0 4 0 a0 0 0'
      ],
      ['5d 34 5b 67 f3 60 e 9c ff bc 26 79 5a 31 d2 0 30 1 0 9 0 0 0 | 1 1 1 0 4 0 0 0 a0'],
      ['f4 26 fa 2d b6 cc 23 7f ff ab 87 ef 6f 3a 93 0 30 1 0 9 0 0 0 | 1 1 1 0 4 0 60 0 0']
    ]
  ],
  [
    '3: in two parts',
    { entryBits: 4, compress: false, patchData: 2 },
    [
      [
        '7e a1 67 2f 86 3b 9 8b ff a2 cd 26 88 4d 84 0 30 1 0 6 0 0 0 | 0 8 0 0 0 7',
        'a0 71 1 1f b1 e7 9e 63 ff f0 8a 60 c0 5a c 0 30 1 0 7 0 0 0 | 1 1 2 0 4 0 a0',
        'd 1b e6 71 eb 26 9c f ff 10 60 7f 31 72 41 0 30 1 0 7 0 0 0 | 1 2 2 0 4 0 0'
      ],
      [
        'c7 ed 3d ca 3e ab 1d 5e ff e8 d6 5 1b 71 f6 0 30 1 0 7 0 0 0 | 1 1 2 0 4 0 0',
        '10 28 ad 5c fb 37 ba 4e ff 6b 38 a0 e2 1d d4 0 30 1 0 7 0 0 0 | 1 2 2 0 4 0 a0'
      ],
      [
        '40 11 74 1d ff 85 b8 b3 ff 95 58 0 ee 6f de 0 30 1 0 7 0 0 0 | 1 1 2 0 4 0 60',
        'd8 6d f5 d1 38 a8 8 cf ff 20 c9 eb d2 f1 2b 0 30 1 0 7 0 0 0 | 1 2 2 0 4 0 0'
      ]
    ]
  ],
  [
    '4: compressed',
    { entryBits: 4, compress: true },
    [
      [
        '71 9f 38 68 49 c0 96 45 ff 23 ae 12 2 cd b3 0 30 1 0 6 0 0 0 | 0 8 0 0 0 7',
        'f1 a9 21 cf 47 75 9f 50 ff 8 f1 f3 57 d9 c3 0 30 1 0 11 0 0 0 | 1 1 1 1 4 78 9c 63 58 c0 c0 0 0 1 e4 0 a1'
      ],
      [
        'fe 8 b5 ed a fb e7 88 ff d8 4d 6 af b 11 0 30 1 0 11 0 0 0 | 1 1 1 1 4 78 9c 63 60 60 58 0 0 0 a4 0 a1'
      ],
      [
        '5a 23 fc 3d 27 d0 b1 17 ff b 92 c6 a2 af 1f 0 30 1 0 11 0 0 0 | 1 1 1 1 4 78 9c 63 48 60 60 0 0 1 24 0 61'
      ]
    ]
  ],
  [
    '5: compressed, in two parts',
    { entryBits: 4, compress: true, patchData: 10 },
    [
      [
        '2a c8 2f 10 90 1c a7 1e ff 14 6c 12 71 9f b7 0 30 1 0 6 0 0 0 | 0 8 0 0 0 7',
        '1f 6c dc 54 ac 1f 42 cc ff 31 99 15 a0 e0 36 0 30 1 0 f 0 0 0 | 1 1 2 1 4 78 9c 63 58 c0 c0 0 0 1 e4',
        'c1 c0 1a 79 2e 32 6e 54 ff e7 8d 21 de 4 3c 0 30 1 0 7 0 0 0 | 1 2 2 1 4 0 a1'
      ],
      [
        '63 79 60 3 36 4f dd 86 ff a1 84 c4 dd d6 c7 0 30 1 0 f 0 0 0 | 1 1 2 1 4 78 9c 63 60 60 58 0 0 0 a4',
        '6d 93 7 a0 73 14 1b 69 ff 62 66 ba 56 47 10 0 30 1 0 7 0 0 0 | 1 2 2 1 4 0 a1'
      ],
      [
        '70 da 77 93 a2 f6 53 39 ff 5f e7 fa 2c 1f c2 0 30 1 0 f 0 0 0 | 1 1 2 1 4 78 9c 63 48 60 60 0 0 1 24',
        '7a 19 5c b6 54 ba bc ec ff 4e 3d c5 d1 2f a9 0 30 1 0 7 0 0 0 | 1 2 2 1 4 0 61'
      ]
    ]
  ]
]

describe("the specification's example", () => {
  // the examples have "qrp" in slot 6, though they and the hash say 7: "word" hashes to 6
  const tables = [tableOf(['test']), tableOf(['test', 'word']), tableOf(['word'])]

  test.each(examples)('%s', (_, init, updates) => {
    const receiver = new RouteTableReceiver()
    updates.forEach((lines, at) => {
      const sent = updateMessages(tables[at]!, { ...init, from: tables[at - 1] })
      expect(sent).toHaveLength(lines.length)
      lines.forEach((line, part) => {
        const message = decodeMessage(printed(line))
        if (message instanceof WireError) throw message
        expect(encodeMessage(message)).toEqual(printed(line))
        expect(message.payload).toEqual(sent[part])
        expect(receiver.take(message.payload as Reset | Patch)).toBeUndefined()
      })
      expect(same(receiver.table, tables[at]!)).toBe(true)
    })
  })
})

const words = fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { maxLength: 30 })
const size = fc.integer({ min: 3, max: 12 }).map((bits) => 2 ** bits)

describe('a route table', () => {
  test('lets a query through when all its words are there', () => {
    const table = new RouteTable()
    table.addName('Blue Trains.flac')
    expect(table.mayMatch('blue TRAIN')).toBe(true)
    expect(table.mayMatch('Blüe tra')).toBe(true)
    expect(table.mayMatch('blue note')).toBe(false)
    expect(table.mayMatch('')).toBe(true)
  })

  test('has what was filed as it is, such as a URN', () => {
    const table = tableOf(['urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB'], 65_536)
    expect(table.has('urn:sha1:plsthipqgsszts5fjupakuzwugyqypfb')).toBe(true)
    expect(table.filled).toBe(1)
  })

  test('merged with one of any size leads to what either does', () => {
    fc.assert(
      fc.property(words, size, words, size, (ours, slots, theirs, otherSlots) => {
        const table = tableOf(ours, slots)
        table.merge(tableOf(theirs, otherSlots, 3))
        for (const word of [...ours, ...theirs]) expect(table.has(word)).toBe(true)
      })
    )
  })

  test('merged with one of its size leads to nothing more', () => {
    fc.assert(
      fc.property(words, words, size, (ours, theirs, slots) => {
        const table = tableOf(ours, slots)
        table.merge(tableOf(theirs, slots))
        expect(same(table, tableOf([...ours, ...theirs], slots))).toBe(true)
      })
    )
  })

  test('is as large, and reaches as far, as the limits allow', () => {
    const { minSlots, maxSlots, minInfinity, maxInfinity } = limits.routeTable
    expect(new RouteTable({ slots: maxSlots, infinity: maxInfinity }).filled).toBe(0)
    expect(new RouteTable({ slots: minSlots, infinity: minInfinity }).filled).toBe(0)
    for (const slots of [minSlots / 2, maxSlots * 2, 9, 0, -8]) {
      expect(() => new RouteTable({ slots })).toThrow(WireError)
    }
    for (const infinity of [minInfinity - 1, maxInfinity + 1]) {
      expect(() => new RouteTable({ infinity })).toThrow(WireError)
    }
  })
})

describe('an update', () => {
  const shape = fc.record({
    entryBits: fc.constantFrom<4 | 8>(4, 8),
    compress: fc.boolean(),
    patchData: fc.integer({ min: 16, max: 1024 })
  })

  test('gives the neighbour the table, first and then changed', () => {
    fc.assert(
      fc.property(words, words, size, shape, (before, after, slots, init) => {
        const [from, to] = [tableOf(before, slots), tableOf(after, slots)]
        const receiver = new RouteTableReceiver()
        const first = updateMessages(from, init)
        const then = updateMessages(to, { ...init, from })
        for (const message of first) expect(receiver.take(message)).toBeUndefined()
        expect(same(receiver.table, from)).toBe(true)
        for (const message of then) expect(receiver.take(message)).toBeUndefined()
        expect(same(receiver.table, to)).toBe(true)
      })
    )
  })

  test('to a table of another shape begins anew', () => {
    const from = tableOf(['test'], 8)
    expect(updateMessages(tableOf(['test'], 16), { from })[0]).toMatchObject({ type: 'reset' })
    expect(updateMessages(tableOf(['test'], 8, 5), { from })[0]).toMatchObject({ type: 'reset' })
    expect(updateMessages(tableOf(['test'], 8), { from })[0]).toMatchObject({ type: 'patch' })
  })

  test('takes four bits where they suffice', () => {
    expect(updateMessages(tableOf(['test'], 8, 8)).at(-1)).toMatchObject({ entryBits: 4 })
    expect(updateMessages(tableOf(['test'], 8, 128)).at(-1)).toMatchObject({ entryBits: 8 })
    const wide = tableOf(['test'], 8, 128)
    expect(() => updateMessages(wide, { entryBits: 4 })).toThrow(WireError)
  })

  test('of 12,000 words in 65,536 slots stays below the 12 kB the specification measured', () => {
    const table = tableOf(
      Array.from({ length: 12_000 }, (_, at) => `word${at * 7919}`),
      65_536
    )
    const patches = updateMessages(table).filter((message) => message.type === 'patch')
    const length = patches.reduce((sum, { data }) => sum + data.length, 0)
    expect(length).toBeGreaterThan(5_000)
    expect(length).toBeLessThan(12_000)
  })

  test('of the largest table fits into 255 messages, even as it is', () => {
    const messages = updateMessages(new RouteTable({ slots: 2 ** 21 }), {
      compress: false,
      entryBits: 8
    })
    expect(messages).toHaveLength(256)
    for (const payload of messages) {
      const message = { guid: new Uint8Array(16), ttl: 1, hops: 0, payload }
      expect(encodeMessage(message).length).toBeLessThan(limits.payload.routeTable)
    }
  })
})

describe('a receiver', () => {
  const reset: Reset = { type: 'reset', slots: 8, infinity: 7 }
  const patch: Patch = {
    type: 'patch',
    sequence: 1,
    of: 1,
    compressed: false,
    entryBits: 4,
    data: bytes('00a00000')
  }
  const half: Patch = { ...patch, of: 2, data: bytes('00a0') }

  test('has no table until the first update is whole, and none after a reset', () => {
    const receiver = new RouteTableReceiver()
    receiver.take(reset)
    receiver.take(half)
    expect(receiver.table).toBeUndefined()
    receiver.take({ ...half, sequence: 2 })
    expect(receiver.table?.has('test')).toBe(true)
    receiver.take(reset)
    expect(receiver.table).toBeUndefined()
  })

  test('keeps the old table until a change is whole, and leaves it as it was', () => {
    const receiver = new RouteTableReceiver()
    receiver.take(reset)
    receiver.take(patch)
    const { table } = receiver
    receiver.take({ ...half, data: bytes('0060') })
    expect(receiver.table).toBe(table)
    receiver.take({ ...half, sequence: 2, data: bytes('000a') })
    expect(receiver.table?.has('test')).toBe(false)
    expect(receiver.table?.has('qrp')).toBe(true)
    expect(table?.has('test')).toBe(true)
  })

  test('lets a distance end at 0 and at infinity', () => {
    const receiver = new RouteTableReceiver()
    receiver.take(reset)
    for (const data of ['00800000', '00800000']) receiver.take({ ...patch, data: bytes(data) })
    expect(receiver.table?.has('test')).toBe(true)
    receiver.take({ ...patch, data: bytes('00700000') })
    expect(receiver.table?.has('test')).toBe(false)
  })

  test.each<[string, (Reset | Patch)[]]>([
    ['a patch before any reset', [patch]],
    ['a patch that begins in the middle', [reset, { ...half, sequence: 2 }]],
    ['a gap', [reset, { ...half, of: 3 }, { ...half, of: 3, sequence: 3 }]],
    ['a patch that comes twice', [reset, half, half]],
    ['a change of length', [reset, half, { ...half, sequence: 2, of: 3 }]],
    ['a change of compression', [reset, half, { ...half, sequence: 2, compressed: true }]],
    ['a change of bits', [reset, half, { ...half, sequence: 2, entryBits: 8 }]],
    ['half a table', [reset, { ...patch, data: bytes('00a0') }]],
    ['more than a table', [reset, { ...patch, data: bytes('00a0000000') }]],
    ['data that is not compressed', [reset, { ...patch, compressed: true }]],
    [
      'data that grows too much',
      [reset, { ...patch, compressed: true, data: deflate(new Uint8Array(5)) }]
    ]
  ])('refuses %s', (_, messages) => {
    expect(taken(...messages)).toBeInstanceOf(WireError)
  })

  test('takes 1 KiB more than a table and not one byte more before the end', () => {
    const part = (length: number): Patch => ({ ...half, of: 255, data: new Uint8Array(length) })
    expect(taken(reset, part(4 + limits.routeTable.overhead))).toBeUndefined()
    expect(taken(reset, part(5 + limits.routeTable.overhead))).toBeInstanceOf(WireError)
  })

  test('takes tables of so many slots as it is told and not of more', () => {
    const receiver = new RouteTableReceiver({ maxSlots: 16 })
    expect(receiver.take({ ...reset, slots: 16 })).toBeUndefined()
    expect(receiver.take({ ...reset, slots: 32 })).toBeInstanceOf(WireError)
  })

  test('has no table after an error, until it is reset', () => {
    const receiver = new RouteTableReceiver()
    receiver.take(reset)
    receiver.take(patch)
    expect(receiver.take({ ...patch, sequence: 2, of: 2 })).toBeInstanceOf(WireError)
    expect(receiver.table).toBeUndefined()
    expect(receiver.take(patch)).toBeInstanceOf(WireError)
    receiver.take(reset)
    expect(receiver.take(patch)).toBeUndefined()
  })
})
