/**
 * Swarms of real cores in virtual time, beside the figures of a reference simulator.
 *
 *     npx -c 'node --conditions=@peerage/source bench/swarm/sim.ts --scenario equal --seed 1'
 *
 * Without `--scenario`, all of them; with `--mark 32`, channels that queue little. The reference knows no latency and no queues on lines.
 */
import { parseArgs } from 'node:util'
import type { SimResult } from '../../packages/swarm/test/sim/measure.ts'
import { scenarios } from '../../packages/swarm/test/sim/scenarios.ts'
import { simulate } from '../../packages/swarm/test/sim/simulate.ts'

/** What the reference simulator measured, rank order: last and mean seconds, share of lines used. */
const reference: Record<string, string> = {
  equal: 'last 2030 s, mean 1970 s, lines 0.964, seed 3.9 copies',
  'slow-seed': 'last 2250 s, mean 2150 s, lines 0.945, seed 1.3 copies',
  'three-classes':
    'last 3410 s, fast 851 s, medium 1860 s, slow 3290 s, lines 0.943, seed 5.7 copies',
  'free-riders': 'last 3600 s, leech 1930 s, rider 3560 s, lines 0.961, seed 13.7 copies',
  'seed-leaves': '39 of 40 finish, mean 626 s, lines 0.83 (seed leaves after 1.1 copies)'
}

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    seed: { type: 'string', default: '1' },
    // KiB in a channel at which it is full: what waits there delays requests behind a slow line
    mark: { type: 'string', default: '128' }
  }
})
const seed = Number(values.seed)
const high = Number(values.mark) * 1024
const marks = { high, low: high / 4 }
const names = values.scenario == null ? Object.keys(scenarios) : [values.scenario]
for (const name of names) {
  const scenario = scenarios[name]
  if (scenario == null) {
    throw new Error(`no scenario "${name}": choose from ${Object.keys(scenarios).join(', ')}`)
  }
  report(name, simulate({ ...scenario, marks }, seed))
}

function report(name: string, result: SimResult): void {
  console.log(`${name}, seed ${seed}`)
  console.log(`  here       ${describe(result)}`)
  console.log(`  reference  ${reference[name]}`)
  const { bound, last, finished, duplicates, seedJain } = result
  const shares = `duplicates ${percent(duplicates)}, Jain of the seed ${seedJain.toFixed(3)}`
  console.log(`  last / bound ${(last / bound).toFixed(3)}, ${percent(finished)} finish, ${shares}`)
}

function describe({ last, mean, meanOf, utilisation, seedCopies }: SimResult): string {
  const classes = [...meanOf].map(([name, time]) => `${name} ${time.toFixed(0)} s`)
  const means = classes.length > 1 ? classes : [`mean ${mean.toFixed(0)} s`]
  const parts = [`last ${last.toFixed(0)} s`, ...means, `lines ${utilisation.toFixed(3)}`]
  return [...parts, `seed ${seedCopies.toFixed(1)} copies`].join(', ')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
