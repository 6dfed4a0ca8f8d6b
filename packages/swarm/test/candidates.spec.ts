import { expect, test } from 'vitest'
import { Candidates } from '../src/core/candidates.ts'
import { limits } from '../src/limits.ts'

const { dialling, connected, known, firstRetry, longestRetry } = limits.peers

function of(count: number): Candidates {
  const candidates = new Candidates()
  for (let i = 0; i < count; i++) candidates.add(`p${i}`)
  return candidates
}

test('so many are dialled at a time and no more', () => {
  const candidates = of(dialling + 5)
  expect(candidates.due(0, 0)).toHaveLength(dialling)
  expect(candidates.due(0, 0)).toEqual([])
  candidates.up(0, 'p0')
  candidates.down(0, 'p1')
  expect(candidates.due(0, 1)).toEqual([`p${dialling}`, `p${dialling + 1}`])
})

test('none is dialled when there are enough channels', () => {
  expect(of(5).due(0, connected)).toEqual([])
  expect(of(5).due(0, connected - 2)).toHaveLength(2)
})

test('who failed is tried again later and later', () => {
  const candidates = of(1)
  let now = 0
  const waits: number[] = []
  for (let i = 0; i < 10; i++) {
    expect(candidates.due(now, 0)).toEqual(['p0'])
    candidates.down(now, 'p0')
    waits.push(candidates.nextAt - now)
    expect(candidates.due(candidates.nextAt - 1, 0)).toEqual([])
    now = candidates.nextAt
  }
  expect(waits.slice(0, 3)).toEqual([firstRetry, 2 * firstRetry, 4 * firstRetry])
  expect(waits.at(-1)).toBe(longestRetry)
})

test('who stayed for long is tried again soon', () => {
  const candidates = of(1)
  for (let i = 0, now = 0; i < 5; i++, now = candidates.nextAt) {
    candidates.due(now, 0)
    candidates.down(now, 'p0')
  }
  const now = candidates.nextAt
  candidates.due(now, 0)
  candidates.up(now, 'p0')
  candidates.down(now + longestRetry + 1, 'p0')
  expect(candidates.nextAt - now - longestRetry - 1).toBe(firstRetry)
})

test('who went while nothing was wanted is tried again as soon as something is', () => {
  const candidates = of(1)
  candidates.due(0, 0)
  candidates.up(0, 'p0')
  candidates.down(100, 'p0', true)
  expect(candidates.due(100, 0)).toEqual(['p0'])
  candidates.down(200, 'p0', true)
  expect(candidates.nextAt).toBe(200 + firstRetry)
})

test('as many are known as the limit says; the one known longest goes first', () => {
  const candidates = of(known + 1)
  expect(candidates.due(0, connected - 1)).toEqual(['p1'])
})
