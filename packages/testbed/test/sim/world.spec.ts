import { limits } from '@peerage/wire'
import { expect, test } from 'vitest'
import { World, type WorldInit } from '../../src/sim/world.ts'
import { Puppet, type Puppetry } from './puppet.ts'

interface Stage {
  world: World<Puppetry>
  a: Puppet
  b: Puppet
  c: Puppet
  /** `from` sends frames of these sizes to `to`, now */
  send: (from: string, to: string, ...sizes: number[]) => void
}

/** Three puppets, 10 ms apart from each other, not connected. */
function stage(init: Partial<WorldInit> = {}): Stage {
  const world = new World<Puppetry>({ seed: 1, latency: 10, ...init })
  const puppets = { a: new Puppet(), b: new Puppet(), c: new Puppet() }
  for (const [key, puppet] of Object.entries(puppets)) {
    world.add(key, puppet, {
      sizeOf: ({ size }) => size,
      work: (work, host) => ({ result: `by ${host}`, takesMicros: work.takesMicros })
    })
  }
  return {
    world,
    ...puppets,
    send: (from, to, ...sizes) => {
      for (const size of sizes) world.ask(from, { type: 'send', peer: to, frame: { size } })
    }
  }
}

/** The same with a and b connected and told so. */
function connected(init: Partial<WorldInit> = {}): Stage {
  const made = stage(init)
  made.world.connect('a', 'b')
  made.world.run({ until: 0 })
  made.a.log.length = made.b.log.length = 0
  return made
}

test('both ends hear of a channel, and who dialled', () => {
  const { world, a, b } = stage()
  world.connect('a', 'b')
  world.run()
  expect(a.log).toEqual(['0 up b outbound'])
  expect(b.log).toEqual(['0 up a inbound'])
})

test('a frame takes the latency of its link', () => {
  const { world, a, b, send } = connected()
  world.connect('a', 'c', { latency: 0.5 })
  send('a', 'b', 7)
  send('b', 'a', 8)
  world.run()
  expect(b.log).toEqual(['10 frame a 7'])
  expect(a.log.at(-1)).toBe('10 frame b 8')
})

test('jitter and loss delay frames and never reorder them', () => {
  const { world, b, send } = connected({ jitter: 50, loss: 0.3 })
  const sizes = Array.from({ length: 200 }, (_, i) => i)
  send('a', 'b', ...sizes)
  world.run()
  expect(b.log.map((entry) => Number(entry.split(' ').at(-1)))).toEqual(sizes)
  const [first, last] = [b.log[0]!, b.log.at(-1)!].map((entry) => parseFloat(entry))
  expect(first).toBeGreaterThanOrEqual(10)
  // of 200 frames some lost more than one copy, and each wait is 200 ms
  expect(last).toBeGreaterThanOrEqual(410)
})

test('a dial opens a channel after a round trip', () => {
  const { world, a, b } = stage()
  world.ask('a', { type: 'dial', peer: 'b' })
  world.run()
  expect(a.log).toEqual(['20 up b outbound'])
  expect(b.log).toEqual(['20 up a inbound'])
})

test('two dials that cross open one channel', () => {
  const { world, a, b } = stage()
  world.ask('a', { type: 'dial', peer: 'b' })
  world.ask('b', { type: 'dial', peer: 'a' })
  world.run()
  expect(a.log).toEqual(['20 up b outbound'])
  expect(b.log).toEqual(['20 up a inbound'])
})

test('a dial to nobody, to the dead and over a cut link fails', () => {
  const { world, a } = stage()
  world.kill('b')
  world.cut('a', 'c')
  for (const peer of ['b', 'nobody', 'c']) world.ask('a', { type: 'dial', peer })
  world.run()
  expect(a.log).toEqual([
    '20 down b PeerGoneError',
    '20 down nobody PeerGoneError',
    `${limits.openTimeout} down c LinkCutError`
  ])
})

test('the uplink carries one frame at a time, at its rate', () => {
  // 1 MB/s: a byte per microsecond
  const { world, b, send } = connected({ bandwidth: { up: 1_000_000, down: Infinity } })
  send('a', 'b', 1000, 500)
  world.run()
  expect(b.log).toEqual(['11 frame a 1000', '11.5 frame a 500'])
})

test('the uplink is shared by all peers, first come first served', () => {
  const { world, b, c, send } = connected({ bandwidth: { up: 1_000_000, down: Infinity } })
  world.connect('a', 'c')
  world.run({ until: 0 })
  send('a', 'b', 1000)
  send('a', 'c', 500)
  world.run()
  expect(b.log.at(-1)).toBe('11 frame a 1000')
  expect(c.log.at(-1)).toBe('11.5 frame a 500')
})

test('the downlink is shared by all senders, and a slower one decides', () => {
  const { world, c, send } = stage({ bandwidth: { up: 1_000_000, down: 500_000 } })
  world.connect('a', 'c')
  world.connect('b', 'c')
  world.run({ until: 0 })
  send('a', 'c', 1000)
  send('b', 'c', 1000)
  world.run()
  // first bytes of both arrive at 10 ms, then 2 ms of downlink each
  expect(c.log.slice(2)).toEqual(['12 frame a 1000', '14 frame b 1000'])
})

test('a fast downlink waits for the last byte of a slow uplink', () => {
  const { world, b, send } = connected({ bandwidth: { up: 100_000, down: 1_000_000 } })
  send('a', 'b', 1000, 1000)
  world.run()
  expect(b.log).toEqual(['20 frame a 1000', '30 frame a 1000'])
})

test('a goodbye comes after the last frame, also on a slow downlink', () => {
  const { world, a, b, send } = connected({ bandwidth: { up: Infinity, down: 1000 } })
  send('a', 'b', 1000)
  world.ask('a', { type: 'drop', peer: 'b', reason: 'done' })
  world.run()
  expect(a.log).toEqual(['0 down b goodbye'])
  expect(b.log).toEqual(['1010 frame a 1000', '1010 down a goodbye'])
})

test('a host may have marks of its own', () => {
  const world = new World<Puppetry>({ seed: 1, bandwidth: { up: 1_000, down: Infinity } })
  const a = new Puppet()
  world.add('a', a, { sizeOf: ({ size }) => size, marks: { high: 10, low: 5 } })
  world.add('b', new Puppet())
  world.connect('a', 'b')
  world.run()
  for (const size of [8, 2, 1]) world.ask('a', { type: 'send', peer: 'b', frame: { size } })
  world.run()
  expect(a.log.slice(-2)).toEqual(['0 slow b', '8 ready b'])
})

test('a full send queue says slow, an emptied one ready', () => {
  const { world, a, send } = connected({ bandwidth: { up: 1_000_000, down: Infinity } })
  const half = limits.sendHighMark / 2
  send('a', 'b', half, half, 1)
  world.run()
  // below the low mark once the first two frames have left
  expect(a.log).toEqual(['0 slow b', `${limits.sendHighMark / 1000} ready b`])
})

test('a send queue past its maximum costs the channel', () => {
  const { world, a, b, send } = connected({ bandwidth: { up: 1_000_000, down: Infinity } })
  send('a', 'b', limits.sendMax)
  world.run({ until: 0 })
  expect(a.log).toEqual(['0 slow b'])
  send('a', 'b', 1)
  world.run()
  expect(a.log).toEqual(['0 slow b', '0 down b TooLargeError'])
  expect(b.log.at(-1)).toMatch(/down a PeerGoneError$/)
})

test('a cut link holds what is under way until it is healed', () => {
  const { world, b, send } = connected()
  send('a', 'b', 1)
  world.run({ until: 5 })
  world.cut('a', 'b')
  send('a', 'b', 2)
  world.run({ until: 1000 })
  expect(b.log).toEqual([])
  world.heal('b', 'a')
  send('a', 'b', 3)
  world.run()
  expect(b.log).toEqual(['1010 frame a 1', '1010 frame a 2', '1010 frame a 3'])
})

test('a link that stays cut costs the channel on both sides, and can be dialled once healed', () => {
  const { world, a, b, send } = connected()
  world.cut('a', 'b')
  send('a', 'b', 1)
  world.run()
  expect(a.log).toEqual([`${limits.idleTimeout} down b LinkCutError`])
  expect(b.log).toEqual([`${limits.idleTimeout} down a LinkCutError`])
  world.heal('a', 'b')
  world.ask('b', { type: 'dial', peer: 'a' })
  world.run()
  expect(b.log.at(-1)).toBe(`${limits.idleTimeout + 20} up a outbound`)
})

test('a goodbye over a cut link is heard when the link heals', () => {
  const { world, a, b } = connected()
  world.cut('a', 'b')
  world.ask('a', { type: 'drop', peer: 'b', reason: 'leaving' })
  world.run({ until: 100 })
  expect([a.log, b.log]).toEqual([['0 down b goodbye'], []])
  world.heal('a', 'b')
  world.run()
  expect(b.log).toEqual(['110 down a goodbye'])
})

test('a link cut again is given its full time again', () => {
  const { world, a } = connected()
  world.cut('a', 'b')
  world.run({ until: 1000 })
  world.heal('a', 'b')
  world.cut('a', 'b')
  world.run()
  expect(a.log).toEqual([`${limits.idleTimeout + 1000} down b LinkCutError`])
})

test('the peers of a killed host hear of it, and nothing more from it', () => {
  const { world, a, b, send } = connected()
  send('b', 'a', 1)
  world.run({ until: 1 })
  world.kill('b')
  send('a', 'b', 2)
  world.run()
  expect(a.log).toEqual(['10 frame b 1', '11 down b PeerGoneError'])
  expect(b.log).toEqual([])
  world.add('b', new Puppet())
  world.ask('a', { type: 'dial', peer: 'b' })
  world.run()
  expect(a.log.at(-1)).toBe('31 up b outbound')
})

test('a peer banned for its offences is dropped and its dials are refused', () => {
  const { world, a, b } = connected()
  world.ask('a', { type: 'score', peer: 'b', offence: limits.banAt, reason: 'nonsense' })
  world.run()
  expect(a.log).toEqual(['0 down b goodbye'])
  world.ask('b', { type: 'dial', peer: 'a' })
  world.run()
  expect(b.log.at(-1)).toBe('30 down a PeerGoneError')
})

test('a job comes back after the time it takes', () => {
  const { world, a } = stage()
  world.ask('a', { type: 'job', job: 3, work: { takesMicros: 250 } })
  world.run()
  expect(a.log).toEqual(['0.25 done 3 by a'])
})

test('a core is woken at its last deadline only, never early', () => {
  const { world, a } = stage()
  for (const at of [50, 20, 80.0001]) world.ask('a', { type: 'wakeAt', at })
  world.run()
  expect(a.log).toEqual(['80.001 wake'])
})

test('a deadline that moves forward is kept too', () => {
  const { world, a } = stage()
  world.ask('a', { type: 'wakeAt', at: 80 })
  world.run({ until: 10 })
  world.ask('a', { type: 'wakeAt', at: 20 })
  world.run()
  expect(a.log).toEqual(['20 wake'])
})

test('a core that wants to be woken in the past is stopped', () => {
  const world = new World<Puppetry>({ seed: 9 })
  world.add('spinner', { wakeAt: 5, handle: () => {} })
  expect(() => world.run()).toThrow(/host "spinner" at 5 ms.*seed 9/)
})

test('a core that wants to be woken at no time at all is stopped', () => {
  const { world } = stage()
  world.ask('a', { type: 'wakeAt', at: NaN })
  expect(() => world.run()).toThrow(/host "a" at 0 ms.*NaN/)
})

test('a broken invariant names host, time and seed', () => {
  const { world, b, send } = connected({ check: true })
  b.breaksAt = 2
  send('a', 'b', 1, 2)
  expect(() => world.run()).toThrow(/host "b" at 10 ms.*counted too far.*seed 1/)
})

test('a checking world refuses effects to a peer known to be gone, any other ignores them', () => {
  for (const type of ['send', 'drop'] as const) {
    const effect = { type, peer: 'c', frame: { size: 1 }, reason: '' }
    const [strict, lenient] = [stage({ check: true }), stage()]
    strict.world.ask('a', effect)
    expect(() => strict.world.run()).toThrow(/wants to (send|drop) at "c"/)
    lenient.world.ask('a', effect)
    lenient.world.run()
    expect(lenient.c.log).toEqual([])
  }
})

test('time stops where it was told to, or where the condition came true, or is given up', () => {
  const { world, a, send } = connected()
  world.run({ until: 12.5 })
  expect(world.now).toBe(12.5)
  send('b', 'a', 1, 2)
  expect(world.run({ until: () => a.log.length === 1 })).toBe(true)
  expect([world.now, world.pending]).toEqual([22.5, 1])
  expect(world.run({ until: () => a.log.length === 5, within: 100 })).toBe(false)
  expect(world.now).toBe(122.5)
})

test('a host that is not there, or there twice, is a mistake in the scenario', () => {
  const { world } = connected()
  expect(() => world.ask('nobody', { type: 'wakeAt', at: 1 })).toThrow('no host "nobody"')
  expect(() => world.connect('a', 'b')).toThrow('cannot be connected')
  expect(() => world.connect('a', 'a')).toThrow('cannot be connected')
  expect(() => world.add('a', new Puppet())).toThrow('a host "a" already')
  expect(() => world.connect('a', 'c', { loss: 1 })).toThrow(RangeError)
})
