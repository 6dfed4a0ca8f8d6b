import { describe, expect, test } from 'vitest'
import { Blame } from '../src/core/blame.ts'
import { limits } from '../src/limits.ts'
import { noise } from './fake-torrent.ts'

const { block } = limits.wire
const { lie, suspect } = limits.trust

/** The right bytes with one byte wrong in each of these blocks. */
function wrongIn(right: Uint8Array, ...blocks: number[]): Uint8Array {
  const bytes = right.slice()
  for (const index of blocks) bytes[index * block + 5]! ^= 1
  return bytes
}

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
    expect(charged(blame.failed(0, bad))).toEqual([
      ['a', suspect],
      ['b', suspect],
      ['c', suspect]
    ])
    expect(charged(blame.passed(0, right))).toEqual([['c', lie]])
    expect(blame.passed(0, right)).toEqual([])
  })

  test('wrong in two blocks has two liars, or one', () => {
    const blame = new Blame()
    blame.failed(0, { bytes: wrongIn(right, 0, 1, 3), senders: ['a', 'b', 'c', 'a'] })
    expect(charged(blame.passed(0, right))).toEqual([
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
    const good = new Uint8Array(size).fill(1)
    for (const piece of [0, 1]) blame.failed(piece, bad())
    expect(blame.passed(1, good)).toHaveLength(2)
    blame.failed(1, bad())
    blame.failed(2, bad())
    expect(blame.passed(0, good)).toEqual([])
    expect(blame.passed(1, good)).toHaveLength(2)
    expect(blame.passed(2, good)).toHaveLength(2)
  })
})
