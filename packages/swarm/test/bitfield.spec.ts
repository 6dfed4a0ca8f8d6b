import fc from 'fast-check'
import { WireError } from '@peerage/wire'
import { expect, test } from 'vitest'
import { Bitfield } from '../src/core/bitfield.ts'

test('a bitfield is a set of piece numbers, high bit first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.array(fc.nat(99)), (length, numbers) => {
      const set = new Set(numbers.filter((number) => number < length))
      const field = new Bitfield(length)
      for (const number of numbers) {
        if (number >= length) continue
        const known = field.has(number)
        expect(field.add(number)).toBe(!known)
      }
      expect([...field]).toEqual([...set].sort((a, b) => a - b))
      expect(field.count).toBe(set.size)
      expect(field.complete).toBe(set.size === length)
      const read = Bitfield.read(field.toBytes(), length)
      expect([...(read as Bitfield)]).toEqual([...field])
      expect((read as Bitfield).count).toBe(set.size)
    })
  )
  const field = new Bitfield(10)
  field.add(0)
  field.add(9)
  expect(field.toBytes()).toEqual(Uint8Array.of(0b1000_0000, 0b0100_0000))
})

test('a bitfield of another length, or with spare bits set, is refused', () => {
  expect(Bitfield.read(Uint8Array.of(0xff, 0xc0), 10)).toMatchObject({ complete: true })
  expect(Bitfield.read(Uint8Array.of(0xff, 0xe0), 10)).toBeInstanceOf(WireError)
  expect(Bitfield.read(Uint8Array.of(0xff), 10)).toBeInstanceOf(WireError)
  expect(Bitfield.read(Uint8Array.of(0xff, 0xc0, 0), 10)).toBeInstanceOf(WireError)
  expect(Bitfield.read(Uint8Array.of(0xff), 8)).toMatchObject({ complete: true })
})
