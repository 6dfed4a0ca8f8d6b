import { describe, expect, test } from 'vitest'
import { RequestWindow } from '../src/core/downloads/pipeline.ts'
import { limits } from '../src/limits.ts'

const { floor, ceiling, firstTimeout, shortestTimeout, longestTimeout } = limits.requests
const block = limits.wire.block

/** Blocks that come at a steady rate. */
function receive(
  window: RequestWindow,
  init: { rate: number; took: number; from?: number; for: number }
): void {
  const { rate, took, from = 0 } = init
  const gap = (block * 1_000) / rate
  for (let now = from; now < from + init.for; now += gap) window.received(now, block, took)
}

describe('a request window', () => {
  test('begins at the floor and grows by one for each block', () => {
    const window = new RequestWindow()
    expect(window.size).toBe(floor)
    window.received(0, block, 50)
    window.received(10, block, 50)
    expect(window.size).toBe(floor + 2)
  })

  test('settles at what the rate fills in a second and the fastest answer', () => {
    const window = new RequestWindow()
    const rate = 40 * block
    receive(window, { rate, took: 500, for: 20_000 })
    expect(window.size).toBe(60)
  })

  test('never goes below the floor or above the ceiling', () => {
    const slow = new RequestWindow()
    receive(slow, { rate: block / 4, took: 100, for: 60_000 })
    expect(slow.size).toBe(floor)
    const fast = new RequestWindow()
    receive(fast, { rate: 10_000 * block, took: 20, for: 5_000 })
    expect(fast.size).toBe(ceiling)
  })

  test('never asks for more than the peer keeps waiting', () => {
    const window = new RequestWindow()
    window.cap(3)
    expect(window.size).toBe(3)
    receive(window, { rate: 1_000 * block, took: 20, for: 3_000 })
    expect(window.size).toBe(3)
    window.cap(1_000_000)
    receive(window, { rate: 10_000 * block, took: 20, from: 3_000, for: 5_000 })
    expect(window.size).toBe(ceiling)
  })

  test('is one for a snubbed peer, until a block comes', () => {
    const window = new RequestWindow()
    window.snub()
    expect([window.size, window.snubbed]).toEqual([1, true])
    window.received(0, block, 50)
    expect([window.size, window.snubbed]).toEqual([floor, false])
  })

  test('waits as long as the answers measured so far make likely', () => {
    const window = new RequestWindow()
    expect(window.timeout).toBe(firstTimeout)
    for (let i = 1; i < limits.requests.firstAnswers; i++) window.received(i, block, 100)
    expect(window.timeout).toBe(firstTimeout)
    receive(window, { rate: 100 * block, took: 100, for: 2_000 })
    expect(window.timeout).toBe(shortestTimeout)
    const steady = new RequestWindow()
    receive(steady, { rate: block, took: 10_000, for: 60_000 })
    expect(steady.timeout).toBeGreaterThan(20_000)
    expect(steady.timeout).toBeLessThan(21_000)
    const wild = new RequestWindow()
    for (let i = 0; i < 50; i++) wild.received(i * 1_000, block, i % 2 === 0 ? 100 : 90_000)
    expect(wild.timeout).toBe(longestTimeout)
  })
})
