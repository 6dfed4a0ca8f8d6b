import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NegotiationError } from '../../src/errors.ts'
import { multistreamHeader, NegotiationReader } from '../../src/guards/negotiation-reader.ts'
import { limits } from '../../src/limits.ts'
import { message } from './messages.ts'

const accepts = (name: string): boolean => name === '/known/1.0.0'

describe('a negotiation', () => {
  it('is done with the first message we accept', () => {
    const reader = new NegotiationReader(accepts)
    expect(reader.push(message(multistreamHeader))).toBe('more')
    expect(reader.push(message('/other/1.0.0'))).toBe('more')
    expect(reader.push(message('/known/1.0.0'))).toBe('done')
  })

  it('is done however the bytes are cut, with data behind it', () => {
    const bytes = join(
      message(multistreamHeader),
      message('/known/1.0.0'),
      new Uint8Array(9_000).fill(0xff)
    )
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 8 }), (cuts) => {
        const reader = new NegotiationReader(accepts)
        const marks = [...new Set([0, ...cuts, bytes.length])].toSorted((a, b) => a - b)
        for (const [index, mark] of marks.slice(1).entries()) {
          const verdict = reader.push(bytes.subarray(marks[index], mark))
          if (verdict !== 'more') return verdict === 'done'
        }
        return false
      })
    )
  })

  it('allows a prefix of two bytes and no third', () => {
    expect(new NegotiationReader(accepts).push(Uint8Array.of(0x80, 0x08))).toBe('more')
    expect(new NegotiationReader(accepts).push(Uint8Array.of(0x80))).toBe('more')
    expect(new NegotiationReader(accepts).push(Uint8Array.of(0x80, 0x80))).toBeInstanceOf(
      NegotiationError
    )
  })

  it(`allows a message of ${limits.maxNegotiationMessage} bytes and not one more`, () => {
    const reader = new NegotiationReader(accepts)
    expect(reader.push(prefix(limits.maxNegotiationMessage))).toBe('more')
    expect(reader.push(new Uint8Array(limits.maxNegotiationMessage))).toBe('more')
    expect(
      new NegotiationReader(accepts).push(prefix(limits.maxNegotiationMessage + 1))
    ).toBeInstanceOf(NegotiationError)
    expect(new NegotiationReader(accepts).push(Uint8Array.of(0))).toBeInstanceOf(NegotiationError)
  })

  it(`allows ${limits.maxNegotiationBytes} bytes in all and not one more`, () => {
    const reader = new NegotiationReader(accepts)
    const bytes = join(...Array.from({ length: 256 }, () => message('/other/')))
    expect(bytes.length).toBeGreaterThan(limits.maxNegotiationBytes)
    expect(reader.push(bytes.subarray(0, limits.maxNegotiationBytes))).toBe('more')
    expect(
      reader.push(bytes.subarray(limits.maxNegotiationBytes, limits.maxNegotiationBytes + 1))
    ).toBeInstanceOf(NegotiationError)
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
        const verdict = new NegotiationReader(accepts).push(bytes)
        return verdict === 'more' || verdict === 'done' || verdict instanceof NegotiationError
      })
    )
  })
})

function prefix(length: number): Uint8Array {
  return Uint8Array.of((length & 0x7f) | 0x80, length >> 7)
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
