/**
 * Changed bytes for everything in swarm that reads what strangers say, for as long as it is told.
 *
 *     npx -c 'node --conditions=@peerage/source bench/swarm/fuzz.ts --seconds 60 --seed 1'
 *
 * A failure prints the command that repeats it.
 */
import { parseArgs } from 'node:util'
import { fuzz, targets, type FuzzTarget } from '../../packages/swarm/test/fuzz/targets.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' }
  }
})
const chosen = targets.filter(({ name }) => values.target == null || name === values.target)
if (chosen.length === 0) {
  throw new Error(`no such target: take one of ${targets.map(({ name }) => name).join(', ')}`)
}

let failures = 0
for (const target of chosen) {
  const line = run(target, Number(values.seed), (Number(values.seconds) * 1_000) / chosen.length)
  console.log(`${target.name.padEnd(20)} ${line}`)
}
process.exitCode = failures > 0 ? 1 : 0

/** One seed after the other until time is over, one run at least. */
function run(target: FuzzTarget, from: number, milliseconds: number): string {
  const begin = performance.now()
  let [seed, slowest, at] = [from, 0, begin]
  for (; at - begin < milliseconds; seed++) {
    try {
      fuzz(target, seed)
    } catch (error) {
      failures++
      const again = `node --conditions=@peerage/source bench/swarm/fuzz.ts --seconds 0.01`
      return `seed ${seed}: ${String(error)}\n  ${again} --target '${target.name}' --seed ${seed}`
    }
    const now = performance.now()
    slowest = Math.max(slowest, now - at)
    at = now
  }
  const count = seed - from
  const perSecond = Math.round((count * 1_000) / (at - begin))
  return `${count} runs, ${perSecond} a second, the slowest ${slowest.toFixed(1)} ms`
}
