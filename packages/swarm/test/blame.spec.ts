import { describe, expect, test } from 'vitest'
import type { Assembled } from '../src/core/downloads/assembly.ts'
import { Blame } from '../src/core/downloads/blame.ts'
import { Trust } from '../src/core/downloads/trust.ts'
import { limits } from '../src/limits.ts'
import { noise } from './fake-torrent.ts'

const { block } = limits.wire
const { lie } = limits.trust

/** The right bytes with one byte wrong in each of these blocks. */
function wrongIn(right: Uint8Array, ...blocks: number[]): Uint8Array {
  const bytes = right.slice()
  for (const index of blocks) bytes[index * block + 5]! ^= 1
  return bytes
}

/** A good copy, whole from one peer. */
const good = (bytes: Uint8Array, from: string): Assembled => ({ bytes, senders: [from] })

const charged = (charges: { peer: string; offence: number }[]): [string, number][] =>
  charges.map(({ peer, offence }) => [peer, offence])

describe('a bad piece', () => {
  const right = noise(4 * block)

  test('from one sender is that one’s lie', () => {
    const bad = { bytes: wrongIn(right, 2), senders: ['a', 'a', 'a', 'a'] }
    expect(charged(new Blame().failed(0, bad))).toEqual([['a', lie]])
  })

  test('from several makes suspects, and a good copy shows who lied', () => {
    const blame = new Blame()
    const bad = { bytes: wrongIn(right, 2), senders: ['a', 'b', 'c', 'a'] }
    expect(charged(blame.failed(0, bad))).toEqual([])
    expect(['a', 'b', 'c', 'd'].filter((peer) => blame.onParole(peer))).toEqual(['a', 'b', 'c'])
    expect(charged(blame.passed(0, good(right, 'd')))).toEqual([['c', lie]])
    expect(blame.passed(0, good(right, 'd'))).toEqual([])
  })

  test('wrong in two blocks has two liars, or one', () => {
    const blame = new Blame()
    blame.failed(0, { bytes: wrongIn(right, 0, 1, 3), senders: ['a', 'b', 'c', 'a'] })
    expect(charged(blame.passed(0, good(right, 'd')))).toEqual([
      ['a', lie],
      ['b', lie]
    ])
  })

  test('is kept while bad pieces are within the limit, the oldest not beyond', () => {
    const size = limits.trust.suspectBytes / 2
    const blame = new Blame()
    const bad = (): { bytes: Uint8Array; senders: string[] } => ({
      bytes: new Uint8Array(size),
      senders: ['a', 'b']
    })
    const copy = good(new Uint8Array(size).fill(1), 'c')
    for (const piece of [0, 1]) blame.failed(piece, bad())
    expect(blame.passed(1, copy)).toHaveLength(2)
    blame.failed(1, bad())
    blame.failed(2, bad())
    expect(blame.passed(0, copy)).toEqual([])
    expect(blame.passed(1, copy)).toHaveLength(2)
    expect(blame.passed(2, copy)).toHaveLength(2)
  })
})

describe('trust', () => {
  const { most, least } = limits.trust.points

  test('goes up by one for a good piece and down by two for a bad one, within its bounds', () => {
    const trust = new Trust()
    for (let i = 0; i < most; i++) trust.proved('a', false)
    expect(trust.points('a')).toBe(most)
    trust.proved('a', false)
    expect(trust.points('a')).toBe(most)
    trust.suspect('a')
    expect(trust.points('a')).toBe(most - 2)
    for (let i = 0; i < 6; i++) trust.suspect('a')
    expect(trust.points('a')).toBe(least + 1)
    trust.suspect('a')
    expect(trust.points('a')).toBe(least)
  })

  test('of a suspect is on parole until a piece that it sent alone is good', () => {
    const trust = new Trust()
    expect(trust.onParole('a')).toBe(false)
    trust.suspect('a')
    trust.proved('a', false)
    expect(trust.onParole('a')).toBe(true)
    trust.proved('a', true)
    expect(trust.onParole('a')).toBe(false)
  })

  test('that has run out is won back by seven good pieces, not by one', () => {
    const trust = new Trust()
    for (let i = 0; i < 4; i++) trust.suspect('a')
    for (let i = 0; i < 6; i++) trust.proved('a', true)
    expect([trust.points('a'), trust.onParole('a')]).toEqual([-1, true])
    trust.proved('a', true)
    expect([trust.points('a'), trust.onParole('a')]).toEqual([0, false])
  })

  test('is remembered of as many peers as may be known, the longest quiet not beyond', () => {
    const trust = new Trust()
    for (let i = 0; i < limits.peers.known; i++) trust.suspect(`p${i}`)
    expect(trust.onParole('p0')).toBe(true)
    trust.suspect('one more')
    expect([trust.onParole('p0'), trust.onParole('p1')]).toEqual([false, true])
  })
})
