/**
 * Shows that a run repeats: the same seed prints the same line, on every machine.
 *
 *     npx -c 'node --conditions=@peerage/source bench/sim/digest.ts --seed 7'
 */
import { parseArgs } from 'node:util'
import { gossip } from './scenario.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '7' }, peers: { type: 'string', default: '1000' } }
})
const seed = Number(values.seed)
const world = gossip(seed, Number(values.peers), 20)
world.run()
console.log(`seed ${seed}: digest ${world.digest}, ${world.events} events, ${world.now} ms`)
