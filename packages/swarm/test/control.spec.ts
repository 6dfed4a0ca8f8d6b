import { describe, expect, test } from 'vitest'
import { limits } from '../src/limits.ts'
import { TestSwarm, type Bend, type TestNode } from './test-swarm.ts'

/** Counts what a node says, by message type. */
function counting(): { said: Map<string, number>; bend: Bend } {
  const said = new Map<string, number>()
  const bend: Bend = (frame) => {
    said.set(frame.type, (said.get(frame.type) ?? 0) + 1)
    return frame
  }
  return { said, bend }
}

function after(swarm: TestSwarm, delay: number): void {
  const end = swarm.world.now + delay
  swarm.world.run({ until: end })
}

/** Bytes in which second: how fast a leecher came by what it has. */
function rate(swarm: TestSwarm, node: TestNode, seconds: number): number {
  const before = node.received
  after(swarm, seconds * 1_000)
  return (node.received - before) / seconds
}

describe('a paused torrent', () => {
  test('asks for nothing, keeps its channels, and goes on where it was', () => {
    const swarm = new TestSwarm({ length: 200 * 65_536 })
    const { said, bend } = counting()
    const leecher = swarm.add('leecher', 'none', bend)
    swarm.connect(leecher, ...['a', 'b'].map((key) => swarm.add(key, 'all')))
    swarm.run(() => leecher.progress.pieces >= 20)
    swarm.world.ask('leecher', { type: 'pause' })
    after(swarm, 5_000)
    const [asked, pieces] = [said.get('request'), leecher.progress.pieces]
    after(swarm, 300_000)
    expect(said.get('request')).toBe(asked)
    expect(leecher.progress).toMatchObject({ pieces, peers: 2 })
    swarm.world.ask('leecher', { type: 'resume' })
    const before = swarm.world.now
    swarm.run(() => leecher.complete)
    expect(swarm.world.now - before).toBeLessThan(60_000)
    // what was on its way when it paused came twice at most
    expect(leecher.received - swarm.torrent.length).toBeLessThan(2 * 250 * limits.wire.block)
  })

  test('gives nothing, and to everybody again when it goes on', () => {
    const swarm = new TestSwarm({ length: 200 * 65_536 })
    const { said, bend } = counting()
    const seed = swarm.add('seed', 'all', bend)
    const leecher = swarm.add('leecher')
    swarm.connect(leecher, seed)
    swarm.run(() => leecher.progress.pieces >= 20)
    swarm.world.ask('seed', { type: 'pause' })
    after(swarm, 1_000)
    const given = said.get('piece')
    after(swarm, 300_000)
    expect(said.get('piece')).toBe(given)
    expect(leecher.progress.peers).toBe(1)
    swarm.world.ask('seed', { type: 'resume' })
    swarm.run(() => leecher.complete)
    expect(leecher.liars.size).toBe(0)
  })

  test('dials nobody until it goes on', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher')
    swarm.add('seed', 'all')
    swarm.world.ask('leecher', { type: 'pause' })
    swarm.world.ask('leecher', { type: 'know', peer: 'seed' })
    after(swarm, 600_000)
    expect(leecher.peers.size).toBe(0)
    swarm.world.ask('leecher', { type: 'resume' })
    swarm.run(() => leecher.complete)
  })

  test('asks for no metadata', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher', 'magnet')
    swarm.world.ask('leecher', { type: 'pause' })
    swarm.connect(leecher, swarm.add('seed', 'all'))
    after(swarm, 60_000)
    expect(leecher.progress).toMatchObject({ state: 'metadata', peers: 1 })
    swarm.world.ask('leecher', { type: 'resume' })
    swarm.run(() => leecher.complete)
  })
})

describe('a limited torrent', () => {
  const length = 400 * 65_536

  test('fetches no faster than it may, from all peers together, and hardly anything twice', () => {
    const swarm = new TestSwarm({ length })
    const leecher = swarm.add('leecher')
    leecher.control.down.limit(200_000, Infinity)
    swarm.connect(leecher, ...['a', 'b', 'c'].map((key) => swarm.add(key, 'all')))
    after(swarm, 10_000)
    const fast = rate(swarm, leecher, 60)
    expect(fast).toBeGreaterThan(180_000)
    expect(fast).toBeLessThan(220_000)
    leecher.control.down.limit(Infinity, Infinity)
    const before = swarm.world.now
    swarm.run(() => leecher.complete)
    expect(swarm.world.now - before).toBeLessThan(30_000)
    expect(leecher.received).toBeLessThan(swarm.torrent.length * 1.01)
  })

  test('gives no faster than it may, and to each peer a share', () => {
    const swarm = new TestSwarm({ length })
    const seed = swarm.add('seed', 'all')
    seed.control.up.limit(200_000, Infinity)
    const leechers = ['a', 'b'].map((key) => swarm.add(key))
    swarm.connect(seed, ...leechers)
    after(swarm, 20_000)
    const before = leechers.map(({ received }) => received)
    after(swarm, 60_000)
    const [a, b] = leechers.map(({ received }, i) => (received - before[i]!) / 60)
    expect(a! + b!).toBeGreaterThan(170_000)
    expect(a! + b!).toBeLessThan(220_000)
    expect(Math.min(a!, b!)).toBeGreaterThan(50_000)
  })

  test('takes from and gives to each peer no faster than it may', () => {
    const swarm = new TestSwarm({ length })
    const leecher = swarm.add('leecher')
    leecher.control.down.limit(Infinity, 50_000)
    swarm.connect(leecher, ...['a', 'b', 'c'].map((key) => swarm.add(key, 'all')))
    after(swarm, 10_000)
    const fast = rate(swarm, leecher, 60)
    expect(fast).toBeGreaterThan(130_000)
    expect(fast).toBeLessThan(165_000)
  })

  test('still fetches when it may less than a block a second', () => {
    const swarm = new TestSwarm({ length: 4 * 65_536 })
    const leecher = swarm.add('leecher')
    leecher.control.down.limit(4_000, Infinity)
    swarm.connect(leecher, swarm.add('seed', 'all'))
    swarm.run(() => leecher.complete)
    const seconds = swarm.world.now / 1_000
    expect(seconds).toBeGreaterThan((4 * 65_536) / 4_000 - 10)
    expect(seconds).toBeLessThan((4 * 65_536) / 4_000 + 30)
  })

  test('has no more peers than it may', () => {
    const swarm = new TestSwarm({ length })
    const leecher = swarm.add('leecher')
    leecher.control.maxPeers = 2
    leecher.control.down.limit(100_000, Infinity)
    const seeds = ['a', 'b', 'c', 'd'].map((key) => swarm.add(key, 'all'))
    for (const { key } of seeds) swarm.world.ask('leecher', { type: 'know', peer: key })
    after(swarm, 1_000)
    expect(leecher.progress.peers).toBe(2)
    swarm.connect(leecher, ...seeds.filter(({ key }) => !leecher.peers.has(key)))
    after(swarm, 1_000)
    expect(leecher.progress.peers).toBe(2)
  })
})
