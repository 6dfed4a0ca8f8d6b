import { expect, test } from 'vitest'
import type { MakeUploadPolicy } from '../src/core/uploads/policies/policy.ts'
import type { SimResult } from './sim/measure.ts'
import { simulate } from './sim/simulate.ts'
import { strategic } from './sim/strategic.ts'

const seeds = [1, 2]

/** Twelve like each other and one with a line four times as wide, who serves as it likes. */
function swarms(uploads?: MakeUploadPolicy): SimResult[] {
  const wide = { name: 'wide', count: 1, up: 200_000, ...(uploads && { uploads }) }
  const classes = [{ name: 'leech', count: 12, up: 50_000 }, wide]
  const scenario = { pieces: 240, pieceLength: 65_536, seedUp: 200_000, classes }
  return seeds.map((seed) => simulate(scenario, seed))
}

const mean = (results: SimResult[], name: string): number =>
  results.reduce((sum, { meanOf }) => sum + meanOf.get(name)!, 0) / results.length

/** The paper's client gained 70 % of the speed, at the cost of others. */
test('a client that serves for its own good alone gains little, and costs nobody much', () => {
  const [fair, own] = [swarms(), swarms(strategic(8))]
  expect(mean(fair, 'wide') / mean(own, 'wide')).toBeLessThanOrEqual(1.3)
  expect(mean(own, 'leech') / mean(fair, 'leech')).toBeLessThanOrEqual(1.1)
})
