import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intersect, Postings } from '../src/core/postings.ts'

const numbers = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 200 })
const ascending = (some: Iterable<number>): number[] => [...some].toSorted((a, b) => a - b)

function postings([first, ...others]: readonly number[]): Postings {
  const list = new Postings(first!)
  for (const number of others) list.insert(number)
  return list
}

function contents(list: Postings): number[] {
  return Array.from({ length: list.length }, (_, position) => list.at(position))
}

function common(lists: readonly Postings[], most = Infinity, enough = Infinity): number[] {
  const seen: number[] = []
  intersect(lists, most, (number) => (seen.push(number) < enough ? 'more' : 'enough'))
  return seen
}

describe('postings', () => {
  test('stay sorted in whatever order numbers come', () => {
    fc.assert(
      fc.property(numbers, (some) => {
        expect(contents(postings(some))).toEqual(ascending(some))
      })
    )
  })

  test('seek the first number that is not below the target', () => {
    fc.assert(
      fc.property(numbers, fc.nat(310), fc.nat(310), (some, target, start) => {
        const sorted = ascending(some)
        const from = Math.min(start, sorted.length)
        const expected = sorted.findIndex((number, at) => at >= from && number >= target)
        expect(postings(some).seek(target, from)).toBe(expected === -1 ? sorted.length : expected)
      })
    )
  })

  test('squeezed keep what is alive and give room back', () => {
    fc.assert(
      fc.property(numbers, fc.nat(10), (some, modulus) => {
        const list = postings(some)
        const isDead = (number: number): boolean => number % 11 <= modulus
        list.squeeze(isDead)
        expect(contents(list)).toEqual(ascending(some.filter((number) => !isDead(number))))
        expect(list.bytes).toBeLessThanOrEqual(Math.max(list.length, 1) * 8 + 8)
        list.insert(1_000)
        expect(list.at(list.length - 1)).toBe(1_000)
      })
    )
  })
})

describe('an intersection', () => {
  test('is what all lists have', () => {
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 5 }), (lists) => {
        const all = lists[0]!.filter((number) => lists.every((list) => list.includes(number)))
        expect(common(lists.map(postings))).toEqual(ascending(all))
      })
    )
  })

  test('ends when there is enough', () => {
    const lists = [postings([1, 2, 3, 4, 5]), postings([2, 3, 4, 5])]
    expect(common(lists, Infinity, 2)).toEqual([2, 3])
  })

  test('looks at no more of the shortest list than it may', () => {
    expect(common([postings([1, 2, 3, 4, 5]), postings([2, 4, 5])], 2)).toEqual([2, 4])
  })

  test('of nothing is nothing', () => {
    expect(common([])).toEqual([])
  })
})
