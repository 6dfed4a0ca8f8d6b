import { Driver } from '@peerage/wire'
import { defaultLogger } from '@libp2p/logger'
import { expect, test } from 'vitest'
import { manualClock } from '../src/manual-clock.ts'
import { GossipCore, type Gossip } from '../src/toys/gossip.ts'

test('timers run in the order of their moments, each at its own', async () => {
  const clock = manualClock()
  const log: string[] = []
  for (const delay of [30, 10, 20, 10]) {
    clock.after(delay, () => log.push(`${delay} at ${clock.now()}`))
  }
  await clock.advance(25)
  expect(log).toEqual(['10 at 10', '10 at 10', '20 at 20'])
  expect([clock.now(), clock.pending]).toEqual([25, 1])
})

test('a timer taken back does not run, one set by another in time does', async () => {
  const clock = manualClock()
  const log: number[] = []
  const takeBack = clock.after(10, () => log.push(-1))
  clock.after(5, () => {
    takeBack()
    clock.after(5, () => log.push(clock.now()))
  })
  await clock.advance(10)
  expect(log).toEqual([10])
  expect(clock.pending).toBe(0)
})

test('what a timer sets off has settled before the next runs', async () => {
  const clock = manualClock()
  const log: string[] = []
  clock.after(1, () => {
    void Promise.resolve()
      .then(() => {})
      .then(() => log.push('settled'))
  })
  clock.after(2, () => log.push('next'))
  await clock.advance(2)
  expect(log).toEqual(['settled', 'next'])
})

test('a core driven in real time is woken by the clock turned by hand', async () => {
  const clock = manualClock()
  const told: number[] = []
  const driver = new Driver<Gossip>({
    core: new GossipCore({ firstAt: 1000, every: 5000 }),
    self: 'self',
    clock,
    work: () => Promise.reject(new Error('no work here')),
    failed: (error) => {
      throw error
    },
    tell: ({ at }) => told.push(at),
    log: defaultLogger().forComponent('test')
  })
  await clock.advance(11_000)
  expect(told).toEqual([1000, 6000, 11_000])
  await driver.stop()
  expect(clock.pending).toBe(0)
})
