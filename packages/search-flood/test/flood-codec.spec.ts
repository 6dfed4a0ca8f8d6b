import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floodCodec } from '../src/codec/flood-codec.ts'
import type { FloodFrame, QueryFrame } from '../src/codec/frame.ts'
import { limits } from '../src/limits.ts'
import { Frame } from '../src/pb/flood.js'

const id = new Uint8Array(limits.idLength).fill(7)
const record = (length: number): Uint8Array => new Uint8Array(length).fill(1)
const text = (max: number): fc.Arbitrary<string> =>
  fc.stringMatching(/^[\p{L}\p{N} .]*$/u, { maxLength: max / 4 })

const others = fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), {
  maxLength: limits.maxOthers
})
const size = fc.option(fc.maxSafeNat(), { nil: undefined })
const ids = fc.uint8Array({ minLength: limits.idLength, maxLength: limits.idLength })
const count = fc.nat(255)

const frames: fc.Arbitrary<FloodFrame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    degree: fc.nat(limits.mostNeighbours),
    record: fc.option(fc.uint8Array({ minLength: 1, maxLength: 99 }), { nil: undefined }),
    others
  }),
  fc.record({ type: fc.constant('ping' as const), want: fc.nat(limits.maxOthers) }),
  fc.record({ type: fc.constant('pong' as const), others }),
  fc.record({
    type: fc.constant('query' as const),
    id: ids,
    ttl: count,
    hops: count,
    query: fc.record({
      words: text(limits.maxText),
      type: fc.constantFrom('audio' as const, undefined),
      minSize: size,
      maxSize: size,
      limit: fc.nat(limits.maxItems)
    })
  }),
  fc.record({
    type: fc.constant('hits' as const),
    queryId: ids,
    hops: count,
    envelope: fc.uint8Array({ minLength: 1, maxLength: 999 })
  }),
  fc.record({ type: fc.constant('bye' as const), reason: text(limits.maxReason), others })
)

function query(change: Partial<QueryFrame> & { words?: string } = {}): QueryFrame {
  const { words = 'blue train', ...rest } = change
  return { type: 'query', id, ttl: 7, hops: 0, query: { words, limit: 50 }, ...rest }
}

function decoded(frame: FloodFrame): FloodFrame | WireError {
  return floodCodec.decode(floodCodec.encode(frame))
}

describe('a frame', () => {
  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decoded(frame)).toEqual(frame)
      })
    )
  })

  it('comes out of any bytes as a frame or a WireError, never as a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const frame = floodCodec.decode(bytes)
        expect(frame instanceof WireError || typeof frame.type === 'string').toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })

  it('comes out of damaged frames as a frame or a WireError, never as a throw', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(frames, damage, (frame, changes) => {
        const bytes = floodCodec.encode(frame)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        const again = floodCodec.decode(bytes)
        expect(again instanceof WireError || typeof again.type === 'string').toBe(true)
      }),
      { numRuns: 1_000 }
    )
  })

  it('of no known kind is refused', () => {
    expect(floodCodec.decode(Uint8Array.of(0x7a, 1, 0))).toBeInstanceOf(WireError)
  })

  it('of groups within groups is refused without exhausting the stack', () => {
    const groups = new Uint8Array(limits.maxFrame).fill(0x7b)
    expect(floodCodec.decode(groups)).toBeInstanceOf(WireError)
  })

  it('keeps no view of the bytes it came in', () => {
    const bytes = floodCodec.encode(query())
    const frame = floodCodec.decode(bytes) as QueryFrame
    bytes.fill(0)
    expect(frame.id).toEqual(id)
  })

  it('is frozen', () => {
    const frame = decoded(query()) as QueryFrame
    expect(Object.isFrozen(frame) && Object.isFrozen(frame.query)).toBe(true)
  })
})

describe('a query', () => {
  it('for two words takes 36 bytes, two less than in Gnutella 0.6', () => {
    expect(floodCodec.encode(query()).length).toBe(36)
  })

  it('may have 256 bytes of text and not one more', () => {
    expect(decoded(query({ words: 'é'.repeat(128) }))).not.toBeInstanceOf(WireError)
    expect(decoded(query({ words: `${'é'.repeat(128)}x` }))).toBeInstanceOf(WireError)
  })

  it('may not be over 512 bytes, whatever fills it', () => {
    const padded = (length: number): Uint8Array => {
      const bytes = Frame.encode({
        query: { ...query(), text: '', max: 0, type: 'x'.repeat(length) }
      })
      return bytes
    }
    const rest = limits.maxQueryFrame - padded(400).length
    expect(padded(400 + rest).length).toBe(limits.maxQueryFrame)
    expect(floodCodec.decode(padded(400 + rest))).not.toBeInstanceOf(WireError)
    expect(floodCodec.decode(padded(401 + rest))).toBeInstanceOf(WireError)
  })

  it.each([15, 17])('with an id of %i bytes is refused', (length) => {
    expect(decoded(query({ id: new Uint8Array(length) }))).toBeInstanceOf(WireError)
  })

  it('has its numbers clamped', () => {
    const bytes = Frame.encode({
      query: { ...query(), ttl: 4_000_000_000, hops: 256, text: 'x', max: 51 }
    })
    expect(floodCodec.decode(bytes)).toMatchObject({ ttl: 255, hops: 255, query: { limit: 50 } })
  })

  it.each(['\u0000', '\u001B[2J', '\u009B2J', '\u202Egpj.exe'])('with %j is refused', (words) => {
    expect(decoded(query({ words }))).toBeInstanceOf(WireError)
  })
})

describe('hits', () => {
  const hits = (length: number): FloodFrame => ({
    type: 'hits',
    queryId: id,
    hops: 7,
    envelope: record(length)
  })

  it('may take 16 KiB and not one byte more', () => {
    const room = limits.maxHitsFrame - floodCodec.encode(hits(15_000)).length + 15_000
    expect(floodCodec.encode(hits(room)).length).toBe(limits.maxHitsFrame)
    expect(decoded(hits(room))).not.toBeInstanceOf(WireError)
    expect(decoded(hits(room + 1))).toBeInstanceOf(WireError)
  })

  it('need an envelope', () => {
    expect(decoded(hits(0))).toBeInstanceOf(WireError)
  })
})

describe('peer records of others', () => {
  it('may be ten and not one more', () => {
    const pong = (count: number): FloodFrame => ({
      type: 'pong',
      others: Array.from({ length: count }, () => record(9))
    })
    expect(decoded(pong(10))).toEqual(pong(10))
    expect(decoded(pong(11))).toBeInstanceOf(WireError)
  })

  it.each(['pong', 'bye', 'hello'] as const)('may take 1 KiB each in a %s', (type) => {
    const frame = (length: number): FloodFrame => {
      const only = [record(length)]
      if (type === 'pong') return { type, others: only }
      if (type === 'bye') return { type, reason: 'full', others: only }
      return { type, degree: 1, others: [], record: record(length) }
    }
    expect(decoded(frame(limits.maxPeerRecord))).toEqual(frame(limits.maxPeerRecord))
    expect(decoded(frame(limits.maxPeerRecord + 1))).toBeInstanceOf(WireError)
  })

  it('fit into a frame at their largest', () => {
    const full = Array.from({ length: limits.maxOthers }, () => record(limits.maxPeerRecord))
    const hello = { type: 'hello', degree: 32, record: record(1024), others: full } as const
    expect(floodCodec.encode(hello).length).toBeLessThanOrEqual(limits.maxFrame)
  })
})

describe('a goodbye', () => {
  it('may give a reason of 64 bytes and not one more', () => {
    const bye = (length: number): FloodFrame => ({
      type: 'bye',
      reason: 'x'.repeat(length),
      others: []
    })
    expect(decoded(bye(64))).toEqual(bye(64))
    expect(decoded(bye(65))).toBeInstanceOf(WireError)
  })
})
