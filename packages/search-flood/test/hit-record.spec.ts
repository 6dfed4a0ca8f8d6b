import type { Item } from '@peerage/catalog'
import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeHitRecord,
  encodeHitRecord,
  sendable,
  type HitRecord
} from '../src/codec/hit-record.ts'
import { limits } from '../src/limits.ts'
import { HitRecord as HitMessage } from '../src/pb/hit.js'

function item(change: Partial<Item> = {}): Item {
  return { id: 'a1', name: 'blue train.flac', size: 7, type: 'audio', attributes: {}, ...change }
}

function record(change: Partial<HitRecord> = {}): HitRecord {
  return {
    queryId: new Uint8Array(16).fill(3),
    responder: new Uint8Array(38).fill(4),
    items: [item({ attributes: { artist: 'Coltrane' } })],
    addresses: [new Uint8Array(20).fill(5)],
    time: 1_700_000_000_000,
    ...change
  }
}

function decoded(change: Partial<HitRecord>): HitRecord | WireError {
  return decodeHitRecord(encodeHitRecord(record(change)))
}

const many = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => item({ id: `${i}` }))

describe('a hit record', () => {
  it('is the same after encoding and decoding', () => {
    expect(decoded({})).toEqual(record())
  })

  it('comes out of any bytes as a record or a WireError, never as a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const result = decodeHitRecord(bytes)
        expect(result instanceof WireError || result.items.length >= 0).toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })

  it('may hold 50 items and not one more', () => {
    expect(decoded({ items: many(50) })).toMatchObject({ items: { length: 50 } })
    expect(decoded({ items: many(51) })).toBeInstanceOf(WireError)
  })

  it('may hold 8 addresses of 256 bytes, not one more of either', () => {
    const addresses = (count: number, length: number): Partial<HitRecord> => ({
      addresses: Array.from({ length: count }, () => new Uint8Array(length))
    })
    expect(decoded(addresses(8, 256))).not.toBeInstanceOf(WireError)
    expect(decoded(addresses(9, 256))).toBeInstanceOf(WireError)
    expect(decoded(addresses(8, 257))).toBeInstanceOf(WireError)
  })

  it('must name a query', () => {
    expect(decoded({ queryId: new Uint8Array(15) })).toBeInstanceOf(WireError)
  })

  it.each(['', 'x'.repeat(1025), 'a\u001B[31m', 'a\u202Eb'])('may not name an item %j', (name) => {
    expect(decoded({ items: [item({ name })] })).toBeInstanceOf(WireError)
  })

  it('keeps an attribute that is called like part of every object', () => {
    const attributes = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>
    expect(decoded({ items: [item({ attributes })] })).toEqual(
      record({ items: [item({ attributes })] })
    )
  })

  it('turns a media type this version does not know into other', () => {
    const bytes = HitMessage.encode({
      ...record(),
      addresses: [],
      items: [{ ...item(), type: 'smell', attributes: new Map() }]
    })
    expect(decodeHitRecord(bytes)).toMatchObject({ items: [{ type: 'other' }] })
  })
})

describe('what a responder sends', () => {
  it('is at most what was asked for, and at most 50 items', () => {
    expect(sendable(many(9), 3)).toHaveLength(3)
    expect(sendable(many(99), 99)).toHaveLength(50)
  })

  it('leaves out items that others would refuse', () => {
    expect(sendable([item({ name: 'a\nb' }), item({ id: 'good' })], 9)).toEqual([
      item({ id: 'good' })
    ])
  })

  it('fits into a hit record, whatever the items', () => {
    const items = fc.array(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 128, unit: fc.constantFrom('a', 'b') }),
        name: fc.string({ minLength: 1, maxLength: 1024, unit: fc.constantFrom('a', '☃') }),
        size: fc.maxSafeNat(),
        type: fc.constantFrom('audio' as const, 'other' as const),
        attributes: fc.dictionary(
          fc.stringMatching(/^[a-z]{1,64}$/),
          fc.stringMatching(/^[a-z]{0,256}$/),
          { maxKeys: 16 }
        )
      }),
      { maxLength: 60 }
    )
    const addresses = Array.from({ length: 8 }, () => new Uint8Array(256))
    fc.assert(
      fc.property(items, (all) => {
        const bytes = encodeHitRecord(record({ items: sendable(all, 50), addresses }))
        expect(bytes.length).toBeLessThanOrEqual(limits.maxHitRecord)
        expect(decodeHitRecord(bytes)).not.toBeInstanceOf(WireError)
      }),
      { numRuns: 50 }
    )
  })
})
