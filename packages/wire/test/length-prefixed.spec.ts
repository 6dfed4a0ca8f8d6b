import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteQueue, lengthPrefixed, TooLargeError, WireError, type Framing } from '../src/index.ts'

const plain = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes.slice() }

function joined(parts: Uint8Array | Uint8Array[]): Uint8Array {
  return parts instanceof Uint8Array ? parts : Uint8Array.from(parts.flatMap((part) => [...part]))
}

function readAll<F>(framing: Framing<F>, slices: Uint8Array[]): Array<F | WireError | 'goodbye'> {
  const reader = framing.reader()
  const read: Array<F | WireError | 'goodbye'> = []
  for (const slice of slices) {
    reader.push(slice)
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      read.push(next)
      if (next instanceof WireError || next === 'goodbye') return read
    }
  }
  return read
}

function cut(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const borders = [
    0,
    ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length
  ]
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i], end))
}

describe('length-prefixed frames', () => {
  it('come out as they went in, however the stream is sliced', () => {
    const framing = lengthPrefixed(plain, { maxFrame: 300 })
    const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 })
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 12 }), (sent, cuts) => {
        const stream = joined(sent.map((frame) => joined(framing.encode(frame))))
        expect(readAll(framing, cut(stream, cuts))).toEqual(sent)
      })
    )
  })

  it('are refused one byte over the maximum, as soon as the prefix is whole', () => {
    const framing = lengthPrefixed(plain, { maxFrame: 200 })
    const atLimit = joined(framing.encode(new Uint8Array(200)))
    expect(readAll(framing, [atLimit])).toEqual([new Uint8Array(200)])
    expect(() => framing.encode(new Uint8Array(201))).toThrow(TooLargeError)
    expect(readAll(framing, [Uint8Array.of(0xc9, 0x01)])[0]).toBeInstanceOf(WireError)
  })

  it('are refused on the very byte that makes the prefix too long', () => {
    const framing = lengthPrefixed(plain, { maxFrame: 2 ** 21 - 1 })
    const reader = framing.reader()
    reader.push(Uint8Array.of(0xff, 0xff))
    expect(reader.next()).toBeUndefined()
    reader.push(Uint8Array.of(0xff))
    expect(reader.next()).toBeInstanceOf(WireError)
  })

  it('may have a prefix of three bytes', () => {
    const framing = lengthPrefixed(plain, { maxFrame: 2 ** 21 - 1 })
    const largest = new Uint8Array(2 ** 21 - 1)
    const [prefix] = framing.encode(largest)
    expect(prefix).toEqual(Uint8Array.of(0xff, 0xff, 0x7f))
    expect(readAll(framing, [joined(prefix as Uint8Array), largest])).toHaveLength(1)
  })

  it('refuse a prefix padded with zeros', () => {
    expect(readAll(lengthPrefixed(plain), [Uint8Array.of(0x81, 0x00, 7)])[0]).toBeInstanceOf(
      WireError
    )
  })

  it('take a frame of no bytes as the goodbye and never make one', () => {
    const framing = lengthPrefixed(plain)
    expect(readAll(framing, [framing.goodbye!])).toEqual(['goodbye'])
    expect(() => framing.encode(new Uint8Array(0))).toThrow(TypeError)
  })

  it('never throw, whatever bytes arrive', () => {
    const framing = lengthPrefixed(plain, { maxFrame: 1000 })
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (slices) => {
        for (const frame of readAll(framing, slices)) expect(frame).toBeDefined()
      })
    )
  })
})

describe('a byte queue', () => {
  it('gives back every byte in order, in whatever portions it is asked', () => {
    const portions = fc.array(fc.nat(9), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 7 })), portions, (chunks, takes) => {
        const queue = new ByteQueue()
        for (const chunk of chunks) queue.push(chunk)
        const model = chunks.flatMap((chunk) => [...chunk])
        for (const wanted of takes) {
          const count = Math.min(wanted, queue.length)
          if (count > 0) expect(queue.at(count - 1)).toBe(model[count - 1])
          expect([...queue.take(count)]).toEqual(model.splice(0, count))
          expect(queue.length).toBe(model.length)
        }
      })
    )
  })
})
