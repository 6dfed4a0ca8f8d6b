import { describe, expect, test } from 'vitest'
import { simulate } from './sim/simulate.ts'

/** The long runs, with many seeds, and what they are compared with are in bench/swarm/sim.ts. */
const common = { pieceLength: 262_144 }
const up = 50_000

describe('a swarm in virtual time', () => {
  test(
    'uses its lines, ends near the bound, fetches next to nothing twice',
    { timeout: 60_000 },
    () => {
      const classes = [{ name: 'leech', count: 12, up }]
      const result = simulate({ ...common, pieces: 320, seedUp: 60_000, classes }, 1)
      expect(result.finished).toBe(1)
      expect(result.utilisation).toBeGreaterThanOrEqual(0.9)
      expect(result.last / result.bound).toBeLessThanOrEqual(1.15)
      expect(result.seedJain).toBeGreaterThanOrEqual(0.95)
      expect(result.duplicates).toBeLessThanOrEqual(0.01)
    }
  )

  test('serves those who give before those who do not', { timeout: 60_000 }, () => {
    const classes = [
      { name: 'leech', count: 12, up },
      { name: 'rider', count: 4, up: 0, rides: true }
    ]
    const { meanOf } = simulate({ ...common, pieces: 100, seedUp: 130_000, classes }, 1)
    expect(meanOf.get('rider')! / meanOf.get('leech')!).toBeGreaterThanOrEqual(1.6)
  })
})
