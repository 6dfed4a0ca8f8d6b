/**
 * What the simulator costs: events per second of CPU, and memory.
 *
 *     npx -c 'node --conditions=@peerage/source bench/sim/index.ts'
 */
import { EventQueue, seededRandom } from '@peerage/testbed'
import { gossip } from './scenario.ts'

/** Seconds of CPU that `run` takes. */
function cpu(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function queue(pending: number, turns: number): void {
  const random = seededRandom(1)
  const events = new EventQueue()
  for (let i = 0; i < pending; i++) events.push(random.below(1e6), i)
  const seconds = cpu(() => {
    for (let i = 0; i < turns; i++) {
      const now = events.nextAt
      events.push(now + random.below(1e6), events.pop())
    }
  })
  report(`queue, ${pending} pending`, turns, seconds)
}

function world(peers: number, rumours: number): void {
  const made = gossip(7, peers, rumours)
  const seconds = cpu(() => made.run())
  report(`gossip, ${peers} peers`, made.events, seconds)
}

function report(what: string, events: number, seconds: number): void {
  const rate = (events / seconds / 1e6).toFixed(2)
  const rss = Math.round(process.memoryUsage.rss() / 2 ** 20)
  console.log(`${what}: ${rate} M events per CPU-second (${events} events), ${rss} MiB resident`)
}

for (const pending of [4_000, 40_000, 400_000]) queue(pending, 2_000_000)
world(10_000, 50)
world(100_000, 10)
