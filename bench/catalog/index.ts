// The catalog's index at a leader's size, as in the field's comparison of search engines: 100,000
// records of 5 to 8 words, 200 owners with 500 each; then a tenth of the owners leave.
//   npx -c 'node --conditions=@peerage/source --expose-gc bench/catalog/index.ts'
import { Catalog, type Item } from '@peerage/catalog'
import { corpus, mulberry32 } from './corpus.ts'

const owners = 200
const perOwner = 500
const random = mulberry32(1)
const items = corpus(random, owners * perOwner)

const before = memory()
const catalog = new Catalog()
const loading = time(() => {
  for (const [nth, item] of items.entries()) catalog.add(item, ownerOf(nth))
})
const grown = memory() - before

const queries = Array.from({ length: 10_000 }, () => twoWords(items[below(items.length)]!))
for (const words of queries.slice(0, 1_000)) catalog.query({ words }) // warm up
const full = ask()

const drops = Array.from({ length: owners / 10 }, (_, nth) =>
  time(() => catalog.dropOwner(`peer-${nth * 10}`))
)
const sparse = ask()
const steps = squeeze()
const squeezed = ask()

print('adds/s', (items.length / loading) * 1_000)
print('memory, bytes per record', grown / items.length)
print('memory as estimated, bytes per record', catalog.bytes / catalog.size)
printQueries('all', full)
print('drop of a 500-file owner, µs: median', percentile(drops, 0.5) * 1_000)
print('drop of a 500-file owner, µs: longest', Math.max(...drops) * 1_000)
printQueries('a tenth gone', sparse)
print('compaction: steps', steps.length)
print('compaction: p99 step, µs', percentile(steps, 0.99) * 1_000)
print('compaction: longest step, µs', Math.max(...steps) * 1_000)
printQueries('squeezed', squeezed)

function ask(): { hits: number; times: number[] } {
  let hits = 0
  const times = queries.map((words) => time(() => (hits += catalog.query({ words }).length)))
  return { hits, times }
}

function squeeze(): number[] {
  const times: number[] = []
  for (;;) {
    const start = performance.now()
    const more = catalog.compact()
    times.push(performance.now() - start)
    if (!more) return times
  }
}

function twoWords({ name }: Item): string {
  const words = name.split(' ')
  const first = below(words.length)
  return `${words[first]} ${words[(first + 1 + below(words.length - 1)) % words.length]}`
}

function below(n: number): number {
  return Math.floor(random() * n)
}

function ownerOf(nth: number): string {
  return `peer-${Math.floor(nth / perOwner)}`
}

function time(run: () => void): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

function memory(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function percentile(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!
}

function printQueries(when: string, { hits, times }: { hits: number; times: number[] }): void {
  const total = times.reduce((sum, one) => sum + one, 0)
  print(`two-word queries/s, ${when}`, (times.length / total) * 1_000)
  print(`  p50, µs`, percentile(times, 0.5) * 1_000)
  print(`  p99, µs`, percentile(times, 0.99) * 1_000)
  print(`  hits`, hits)
}

function print(what: string, value: number): void {
  console.log(
    what.padEnd(44),
    value.toLocaleString('en', { maximumFractionDigits: 1 }).padStart(12)
  )
}
