import { seededRandom } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { mutate } from './fuzz/mutate.ts'
import { overRealChannel } from './fuzz/real-channel.ts'
import { fuzz, targets } from './fuzz/targets.ts'
import { validStream } from './fuzz/valid-stream.ts'

/** Runs of each; `bench/swarm/fuzz.ts` goes on for as long as it is told. */
const runs: Record<string, number> = { 'live session': 40 }

describe('bytes from a stranger', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    'break nothing in: %s',
    (name, target) => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          fuzz(target, seed)
        }),
        { numRuns: runs[name] ?? 200 }
      )
    }
  )

  test('end with the channel they came on, over a libp2p stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed)
        await overRealChannel(random, mutate(random, [validStream()]))
      }),
      { numRuns: 40 }
    )
  })
})
