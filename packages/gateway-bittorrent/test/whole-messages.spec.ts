import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wholeMessages } from '../src/codec/whole-messages.ts'
import { limits } from '../src/limits.ts'

const handshake = new Uint8Array(68).fill(19)

function framed(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + payload.byteLength)
  new DataView(bytes.buffer).setUint32(0, payload.byteLength)
  bytes.set(payload, 4)
  return bytes
}

function readAll(chunks: readonly Uint8Array[]): unknown[] {
  const reader = wholeMessages().reader()
  const read: unknown[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      read.push(next)
      if (next instanceof WireError) return read
    }
  }
  return read
}

it('messages come out whole however the bytes were cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }).map(framed), { maxLength: 8 })
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(messages, cuts, (sent, sizes) => {
      const bytes = Uint8Array.from([handshake, ...sent].flatMap((part) => [...part]))
      const chunks: Uint8Array[] = []
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(readAll(chunks)).toEqual([handshake, ...sent])
    })
  )
})

it('the longest message passes, and one byte more is refused before it comes', () => {
  const longest = framed(new Uint8Array(limits.wire.message))
  expect(readAll([handshake, longest])).toEqual([handshake, longest])
  const header = framed(new Uint8Array(limits.wire.message + 1)).subarray(0, 4)
  expect(readAll([handshake, header])[1]).toBeInstanceOf(WireError)
})

it('a length past 2^31 is no keep-alive', () => {
  expect(readAll([handshake, Uint8Array.of(0xff, 0xff, 0xff, 0xff)])[1]).toBeInstanceOf(WireError)
})
