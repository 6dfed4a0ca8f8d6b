import { describe, expect, it } from 'vitest'
import { limits } from '../src/limits.ts'
import { RateMeter } from '../src/core/rate-meter.ts'

describe('a rate meter', () => {
  it('is right from its first second on', () => {
    const meter = new RateMeter()
    for (let now = 5_000; now <= 6_000; now += 10) meter.add(now, 1_000)
    expect(meter.rate(6_000)).toBeGreaterThan(95_000)
    expect(meter.rate(6_000)).toBeLessThan(105_000)
  })

  it('makes no record of its very first bytes', () => {
    const meter = new RateMeter()
    meter.add(0, 16_384)
    expect(meter.rate(0)).toBeLessThan(16_384 * 2.2)
  })

  it('with a longer memory, knows between two bursts what they come to', () => {
    const perSecond = 16_384
    const shares = [undefined, limits.uploads.memory].map((memory) => {
      const meter = new RateMeter(memory)
      // 128 KiB every eight seconds
      for (let now = 0; now < 80_000; now += 8_000) meter.add(now, 8 * perSecond)
      return meter.rate(79_900) / perSecond
    })
    expect(shares[0]).toBeLessThan(0.4)
    expect(shares[1]).toBeGreaterThan(0.6)
  })

  it('falls to nothing when nothing comes', () => {
    const meter = new RateMeter()
    for (let now = 0; now < 20_000; now += 100) meter.add(now, 1_000)
    expect(meter.rate(60_000)).toBeLessThan(1)
    expect(meter.total).toBe(200_000)
    expect(new RateMeter().rate(0)).toBe(0)
  })
})
