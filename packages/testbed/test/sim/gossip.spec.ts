import { expect, test } from 'vitest'
import { regular } from '../../src/sim/topology.ts'
import { World } from '../../src/sim/world.ts'
import { GossipCore, type Gossip } from '../../src/toys/gossip.ts'

interface Run {
  world: World<Gossip>
  heard: Gossip['news'][]
}

/** A rumour from one of `n` peers with six neighbours each. */
function spread(seed: number, n: number, check = false): Run {
  const heard: Gossip['news'][] = []
  const world = new World<Gossip>({ seed, latency: 30, jitter: 20, loss: 0.01, check })
  const tell = (news: Gossip['news']): void => void heard.push(news)
  for (let i = 0; i < n; i++) world.add(`${i}`, new GossipCore(), { tell, sizeOf: () => 64 })
  for (const [a, b] of regular(n, 6, world.random)) world.connect(`${a}`, `${b}`)
  world.ask('0', { rumour: 1 })
  world.run()
  return { world, heard }
}

test('a rumour reaches 1,000 hosts, each once, in a few hops', () => {
  const { heard } = spread(7, 1000, true)
  expect(heard.length).toBe(1000)
  expect(Math.max(...heard.map(({ hops }) => hops))).toBeLessThan(12)
})

test('the same seed gives the same digest, on every engine', () => {
  const [first, again] = [spread(7, 1000), spread(7, 1000)]
  expect(again.world.digest).toBe(first.world.digest)
  expect(again.heard).toEqual(first.heard)
  expect(first.world.digest).toMatchInlineSnapshot(`"bb3fd2fff4185876"`)
})

test('another seed gives another digest', () => {
  const digests = [1, 2, 3, 4].map((seed) => spread(seed, 100).world.digest)
  expect(new Set(digests).size).toBe(4)
})

test('100,000 hosts hear a rumour within seconds of real time', () => {
  const { world, heard } = spread(7, 100_000)
  expect(heard.length).toBe(100_000)
  // 600,000 ups, one ask, and a frame over every link but the one it came by
  expect(world.events).toBe(600_000 + 1 + 500_001)
})
