import { Optimistic } from '../../src/core/uploads/policies/optimistic.ts'
import { wanting, type MakeUploadPolicy } from '../../src/core/uploads/policies/policy.ts'
import { limits } from '../../src/limits.ts'
import type { Scenario, SimClass } from './scenario.ts'

const kB = 1_000
const equals: SimClass[] = [{ name: 'leech', count: 40, up: 50 * kB }]
const legout: SimClass[] = [
  { name: 'slow', count: 13, up: 20 * kB },
  { name: 'medium', count: 14, up: 50 * kB },
  { name: 'fast', count: 13, up: 200 * kB }
]
/** Everybody serves whom the lot falls on: what tit-for-tat is compared with. */
const byLot: MakeUploadPolicy = () => {
  const optimistic = new Optimistic()
  const { slots } = limits.uploads
  return {
    slots,
    serve: (round) => new Set(optimistic.draw(round, wanting(round.peers), slots))
  }
}

const riders: SimClass[] = [
  { name: 'leech', count: 30, up: 50 * kB },
  { name: 'rider', count: 10, up: 0, rides: true }
]
const file = { pieces: 400, pieceLength: 262_144 }

/** The swarms of the reference simulator, by name. */
export const scenarios: Record<string, Scenario> = {
  equal: { ...file, seedUp: 200 * kB, classes: equals },
  'slow-seed': { ...file, seedUp: 60 * kB, classes: equals },
  'three-classes': { ...file, pieces: 453, seedUp: 200 * kB, classes: legout },
  'free-riders': { ...file, seedUp: 400 * kB, classes: riders },
  'slots-by-lot': { ...file, seedUp: 400 * kB, classes: riders, uploads: byLot },
  'seed-leaves': {
    pieces: 400,
    pieceLength: 65_536,
    seedUp: 200 * kB,
    seedLeaves: 1.3,
    within: 4_000,
    classes: equals
  }
}
