import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RateLimit, Throttle } from '../src/core/rate-limit.ts'

const block = 16_384

/** Takes blocks whenever there is room, ten times a second. @returns bytes taken */
function drain(limit: RateLimit, from: number, seconds: number, who: unknown = 'ann'): number {
  let taken = 0
  for (let now = from; now < from + seconds * 1_000; now += 100) {
    while (limit.room(now, who) > 0) {
      limit.take(now, block)
      taken += block
    }
  }
  return taken
}

describe('a rate limit', () => {
  test('lets through what it says, a second ahead and a block over at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 5_000_000 }), (perSecond) => {
        const taken = drain(new RateLimit(perSecond), 0, 100)
        expect(taken).toBeLessThanOrEqual((perSecond + 1) * 101 + 2 * block)
        expect(taken).toBeGreaterThanOrEqual(perSecond * 99)
      })
    )
  })

  test('does not save up while nobody takes', () => {
    const limit = new RateLimit(100_000)
    expect(drain(limit, 3_600_000, 1)).toBeLessThanOrEqual(200_000 + block)
  })

  test('of nothing lets nothing through, and of nothing said everything', () => {
    expect(new RateLimit(0).room(0, 'ann')).toBe(0)
    expect(new RateLimit().room(0, 'ann')).toBe(Infinity)
  })

  test('is shared evenly by those who ask', () => {
    const limit = new RateLimit(1_000_000)
    const taken = new Map<string, number>()
    for (let now = 0; now < 20_000; now += 1_000) {
      for (const who of ['ann', 'ben']) {
        const bytes = limit.room(now, who)
        limit.take(now, bytes)
        taken.set(who, (taken.get(who) ?? 0) + bytes)
      }
    }
    expect(taken.get('ben')! / taken.get('ann')!).toBeGreaterThan(0.9)
  })

  test('is for one alone again when the others have stopped asking', () => {
    const limit = new RateLimit(1_000_000)
    for (const who of ['ann', 'ben', 'cat', 'dan']) limit.room(0, who)
    expect(limit.room(2_000, 'ann')).toBe(250_000)
    expect(limit.room(4_001, 'ann')).toBe(1_000_000)
  })

  test('changes while it runs', () => {
    const limit = new RateLimit(100_000)
    drain(limit, 0, 10)
    limit.perSecond = 1_000_000
    expect(drain(limit, 10_000, 10)).toBeGreaterThan(9_000_000)
  })
})

describe('a throttle', () => {
  test('is as narrow as its narrowest limit', () => {
    const node = new RateLimit(300_000)
    const throttle = new Throttle(node)
    expect(throttle.room(0, 'ann')).toBe(300_000)
    throttle.limit(200_000, Infinity)
    expect(throttle.room(0, 'ann')).toBe(200_000)
    throttle.limit(200_000, 50_000)
    expect(throttle.room(0, 'ann')).toBe(50_000)
    throttle.take(0, 'ann', 50_000)
    expect(throttle.room(0, 'ann')).toBe(0)
    expect(throttle.room(0, 'ben')).toBe(50_000)
    throttle.left('ann')
    expect(throttle.room(0, 'ann')).toBeGreaterThan(0)
  })

  test('shares the limit of the node with other torrents', () => {
    const node = new RateLimit(200_000)
    const [one, other] = [new Throttle(node), new Throttle(node)]
    one.take(0, 'ann', 150_000)
    expect(other.room(0, 'ann')).toBe(50_000)
    expect(one.room(0, 'ann')).toBe(50_000)
    one.take(0, 'ann', 50_000)
    expect(other.room(0, 'ann')).toBe(0)
  })
})
