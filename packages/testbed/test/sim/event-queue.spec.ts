import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from '../../src/sim/event-queue.ts'

test('comes out in the order of a sorted list, first come first served at equal times', () => {
  // a number is a push at that time, null takes one off; few distinct times make many ties
  const steps = fc.array(fc.option(fc.nat(20)), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new EventQueue()
      let model: { at: number; item: number }[] = []
      list.forEach((at, item) => {
        if (at != null) {
          queue.push(at, item)
          model = [...model, { at, item }].sort((a, b) => a.at - b.at || a.item - b.item)
        } else {
          expect(queue.nextAt).toBe(model[0]?.at ?? Infinity)
          expect(queue.pop()).toBe(model.shift()?.item ?? -1)
        }
        expect(queue.size).toBe(model.length)
      })
      while (model.length > 0) expect(queue.pop()).toBe(model.shift()!.item)
    })
  )
})

test('keeps the order while it grows past its first columns', () => {
  const queue = new EventQueue()
  const times = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 1000)
  times.forEach((at, item) => queue.push(at, item))
  const expected = times
    .map((at, item) => ({ at, item }))
    .sort((a, b) => a.at - b.at || a.item - b.item)
    .map(({ item }) => item)
  expect(times.map(() => queue.pop())).toEqual(expected)
  expect(queue.pop()).toBe(-1)
})

test('tells microseconds apart after a virtual year', () => {
  const queue = new EventQueue()
  const year = 365 * 24 * 3600 * 1_000_000
  queue.push(year + 1, 1)
  queue.push(year, 0)
  expect([queue.nextAt, queue.pop(), queue.pop()]).toEqual([year, 0, 1])
})
