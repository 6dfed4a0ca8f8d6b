import { describe, expect, test } from 'vitest'
import { Choker, type ChokerPeer } from '../src/core/choker.ts'
import { limits } from '../src/limits.ts'
import { seededRandom } from '@peerage/testbed'

function peerOf(peer: string, init: Partial<ChokerPeer> = {}): ChokerPeer {
  return {
    peer,
    interested: true,
    snubbed: false,
    downRate: 0,
    since: -1_000_000,
    served: false,
    servedAt: undefined,
    sated: false,
    ...init
  }
}

const { slots, round, optimistic, quotaTime } = limits.uploads

describe('while fetching', () => {
  test('the three that give most are served, and one other', () => {
    const choker = new Choker(seededRandom(1))
    const peers = [1, 2, 3, 4, 5, 6].map((n) => peerOf(`p${n}`, { downRate: n * 1_000 }))
    const served = choker.round(0, peers, false)
    expect(served.size).toBe(slots)
    for (const peer of ['p4', 'p5', 'p6']) expect(served).toContain(peer)
  })

  test('nobody is served who wants nothing', () => {
    const choker = new Choker(seededRandom(1))
    const peers = [peerOf('a', { interested: false, downRate: 9_000 }), peerOf('b')]
    expect([...choker.round(0, peers, false)]).toEqual(['b'])
  })

  test('a peer that owes us blocks has no slot of its own, only by lot', () => {
    const choker = new Choker(seededRandom(1))
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    const others = Array.from({ length: 30 }, (_, i) => peerOf(`o${i}`))
    const snubbed = peerOf('snubbed', { downRate: 1_000_000, snubbed: true })
    const served = choker.round(0, [...givers, snubbed, ...others], false)
    for (const { peer } of givers) expect(served).toContain(peer)
  })

  test('the other is another one after half a minute, not before', () => {
    const choker = new Choker(seededRandom(1))
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    const idle = Array.from({ length: 20 }, (_, i) => peerOf(`idle${i}`))
    const drawn: string[] = []
    for (let now = 0; now < 20 * optimistic; now += round) {
      const served = choker.round(now, [...givers, ...idle], false)
      drawn.push([...served].find((peer) => peer.startsWith('idle'))!)
    }
    for (let i = 0; i < drawn.length; i += optimistic / round) {
      expect(new Set(drawn.slice(i, i + optimistic / round)).size).toBe(1)
    }
    expect(new Set(drawn).size).toBeGreaterThan(8)
  })

  test('twenty idle peers share one optimistic slot equally', () => {
    const choker = new Choker(seededRandom(7))
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    const idle = Array.from({ length: 20 }, (_, i) => peerOf(`idle${i}`))
    const turns = new Map<string, number>()
    const draws = 4_000
    for (let i = 0; i < draws; i++) {
      const served = choker.round(i * optimistic, [...givers, ...idle], false)
      for (const peer of served) turns.set(peer, (turns.get(peer) ?? 0) + 1)
    }
    const share = draws / idle.length
    for (const { peer } of idle) expect(Math.abs(turns.get(peer)! - share)).toBeLessThan(share / 4)
  })

  test('a newcomer is three times as likely to be drawn', () => {
    const choker = new Choker(seededRandom(3))
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    let drawn = 0
    for (let i = 0; i < 4_000; i++) {
      const now = i * optimistic
      const peers = [...givers, peerOf('new', { since: now }), peerOf('old')]
      if (choker.round(now, peers, false).has('new')) drawn++
    }
    expect(drawn / 4_000).toBeGreaterThan(0.7)
    expect(drawn / 4_000).toBeLessThan(0.8)
  })
})

describe('while seeding', () => {
  test('who is served stays until it is sated and a minute is over, then who waited longest', () => {
    const choker = new Choker(seededRandom(1))
    const served = ['a', 'b', 'c', 'd'].map((peer, i) =>
      peerOf(peer, { served: true, servedAt: i, sated: true })
    )
    const waiting = [peerOf('y', { servedAt: -500 }), peerOf('x', { servedAt: -900 }), peerOf('z')]
    const at = (now: number): string[] =>
      [...choker.round(now, [...served, ...waiting], true)].sort()
    expect(at(quotaTime - 1)).toEqual(['a', 'b', 'c', 'd'])
    expect(at(quotaTime)).toEqual(['b', 'c', 'd', 'z'])
    expect(at(quotaTime + 1)).toEqual(['c', 'd', 'x', 'z'])
    expect(at(quotaTime + 3)).toEqual(['a', 'x', 'y', 'z'])
  })

  test('who is not sated stays', () => {
    const choker = new Choker(seededRandom(1))
    const peers = [
      ...['a', 'b', 'c', 'd'].map((peer) => peerOf(peer, { served: true, servedAt: 0 })),
      peerOf('waiting')
    ]
    expect(choker.round(10 * quotaTime, peers, true)).not.toContain('waiting')
  })

  test('equal leechers are served equally', () => {
    const choker = new Choker(seededRandom(1))
    const times = new Map<string, number>()
    let peers = Array.from({ length: 12 }, (_, i) => peerOf(`p${i}`))
    for (let now = 0; now < 200 * quotaTime; now += round) {
      const served = choker.round(now, peers, true)
      for (const peer of served) times.set(peer, (times.get(peer) ?? 0) + 1)
      peers = peers.map((peer) => {
        const is = served.has(peer.peer)
        return {
          ...peer,
          served: is,
          sated: is,
          servedAt: is && !peer.served ? now : peer.servedAt
        }
      })
    }
    const all = [...times.values()]
    const sum = all.reduce((a, b) => a + b)
    const jain = sum ** 2 / (12 * all.reduce((a, b) => a + b * b, 0))
    expect(jain).toBeGreaterThan(0.95)
  })
})
