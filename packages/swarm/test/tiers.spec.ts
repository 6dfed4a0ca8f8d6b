import { seededRandom } from '@peerage/testbed'
import { describe, expect, test } from 'vitest'
import { limits } from '../src/tracker/limits.ts'
import { Tiers } from '../src/tracker/tiers.ts'

const { firstRetry, longestRetry } = limits.client

describe('tiers of trackers', () => {
  test('are shuffled once, each by itself', () => {
    const orders = new Set<string>()
    for (let seed = 0; seed < 50; seed++) {
      const tiers = new Tiers([['a', 'b', 'c'], ['z']], seededRandom(seed))
      expect(tiers.due(0)).toEqual(tiers.due(0))
      expect(tiers.due(0).at(-1)).toBe('z')
      orders.add(tiers.due(0).join(''))
    }
    expect(orders.size).toBe(6)
  })

  test('have first in a tier whoever answered last', () => {
    const tiers = new Tiers(
      [
        ['a', 'b', 'c'],
        ['y', 'z']
      ],
      seededRandom(1)
    )
    for (const tracker of ['a', 'z', 'c']) tiers.answered(tracker)
    expect(tiers.due(0).slice(0, 2)).toEqual(['c', 'a'])
    expect(tiers.due(0)[3]).toBe('z')
  })

  test('let a tracker that failed rest, longer each time, up to half an hour', () => {
    const tiers = new Tiers([['a']], seededRandom(1))
    let now = 0
    for (let wait = firstRetry; wait < longestRetry * 2; wait *= 2) {
      tiers.failed(now, 'a')
      tiers.failed(now, 'a')
      const rest = Math.min(wait, longestRetry)
      expect(tiers.due(now + rest - 1)).toEqual([])
      now += rest
      expect(tiers.nextAt).toBe(now)
      expect(tiers.due(now)).toEqual(['a'])
    }
    tiers.answered('a')
    tiers.failed(now, 'a')
    expect(tiers.nextAt).toBe(now + firstRetry)
  })

  test('of nobody have nobody to ask, ever', () => {
    expect(new Tiers([], seededRandom(1)).nextAt).toBe(Infinity)
  })
})
