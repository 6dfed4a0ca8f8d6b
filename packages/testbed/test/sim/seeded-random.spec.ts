import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/seeded-random.ts'

test('a seed gives the same numbers on every engine', () => {
  const random = seededRandom(7)
  expect([random.u32(), random.below(1000), random.u32()]).toMatchInlineSnapshot(`
    [
      1787155412,
      388,
      1007689579,
    ]
  `)
  expect([...random.bytes(4)]).toMatchInlineSnapshot(`
    [
      41,
      64,
      26,
      101,
    ]
  `)
})

test('seeds that differ in one bit share no numbers', () => {
  const drawn = [6, 7, 8, 7 + 2 ** 31].map((seed) => seededRandom(seed).u32())
  expect(new Set(drawn).size).toBe(4)
})

test('below(n) stays below n', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (n, seed) => {
      const drawn = seededRandom(seed).below(n)
      expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true)
    })
  )
})

test('below(n) favours no number', () => {
  const random = seededRandom(1)
  const counts = new Uint32Array(10)
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++
  // 10,000 each; the seed is fixed, five standard deviations are 475
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(475)
})
