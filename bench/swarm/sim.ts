// Shows: swarms of real cores in virtual time, and every figure they are held to, for several seeds.
// Run:   npx -c 'node --conditions=@peerage/source bench/swarm/sim.ts --seeds 51-60'
//
// With `--scenario equal` that one alone, told in full; with `--mark 32` channels that queue 32 KiB in
// place of 128. With `--write` the table goes into docs/concepts/simulated-swarms.md.
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { SimResult } from '../../packages/swarm/test/sim/measure.ts'
import { scenarios } from '../../packages/swarm/test/sim/scenarios.ts'
import { simulate } from '../../packages/swarm/test/sim/simulate.ts'
import { figures, type Figure, type Results } from './figures.ts'
import { median } from './speed/sample.ts'

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    seeds: { type: 'string', default: '1-4' },
    // KiB in a channel at which it is full: what waits there delays requests behind a slow line
    mark: { type: 'string', default: '128' },
    write: { type: 'boolean', default: false }
  }
})
const [first = 1, last = first] = values.seeds.split('-').map(Number)
const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i)
const high = Number(values.mark) * 1024

function run(name: string, seed: number): SimResult {
  const scenario = scenarios[name]
  if (scenario != null) return simulate({ ...scenario, marks: { high, low: high / 4 } }, seed)
  throw new Error(`no scenario "${name}": choose from ${Object.keys(scenarios).join(', ')}`)
}

function tell(name: string): void {
  for (const seed of seeds) {
    const { meanOf, ...result } = run(name, seed)
    console.log(`${name}, seed ${seed}`, { ...result, ...Object.fromEntries(meanOf) })
  }
}

/** One result for each seed. */
function runAll(): Results[] {
  return seeds.map((seed) => {
    const results = Object.keys(scenarios).map((name) => [name, run(name, seed)] as const)
    console.error(`seed ${seed} is through`)
    return Object.fromEntries(results)
  })
}

function table(all: readonly Results[]): string {
  const columns = ['swarm', 'figure', 'held to', 'reference', 'here', 'worst', 'bound', 'passes']
  const lines = [columns, columns.map(() => '---'), ...figures.map((figure) => row(figure, all))]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function row(
  { scenario, name, of, reference, ...limit }: Figure,
  all: readonly Results[]
): string[] {
  const { least = -Infinity, most = Infinity } = limit
  const found = all.map(of)
  const isMost = limit.most != null
  const worst = isMost ? Math.max(...found) : Math.min(...found)
  const passes = found.filter((value) => value >= least && value <= most).length
  return [
    scenario,
    name,
    isMost ? `≤ ${most}` : `≥ ${least}`,
    reference,
    median(found).toPrecision(3),
    worst.toPrecision(3),
    `${all[0]![scenario]!.bound.toFixed(0)} s`,
    `${passes} of ${found.length}`
  ]
}

async function write(text: string): Promise<void> {
  const page = new URL('../../docs/concepts/simulated-swarms.md', import.meta.url)
  const between = /(?<=<!-- figures -->\n).*(?=<!-- \/figures -->)/s
  await writeFile(page, (await readFile(page, 'utf8')).replace(between, `\n${text}\n\n`))
}

if (values.scenario == null) {
  const text = `Seeds ${values.seeds}; "here" is the median.\n\n${table(runAll())}`
  console.log(text)
  if (values.write) await write(text)
} else tell(values.scenario)
