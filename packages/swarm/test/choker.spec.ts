import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '@peerage/testbed'
import { encodeExtendedHandshake } from '../src/codec/extended.ts'
import { antiLeech } from '../src/core/uploads/policies/anti-leech.ts'
import { fastestUpload } from '../src/core/uploads/policies/fastest-upload.ts'
import type { MakeUploadPolicy, UploadPeer } from '../src/core/uploads/policies/policy.ts'
import { roundRobin } from '../src/core/uploads/policies/round-robin.ts'
import { titForTat } from '../src/core/uploads/policies/tit-for-tat.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent } from './fake-torrent.ts'
import { Probe } from './probe.ts'

function peerOf(peer: string, init: Partial<UploadPeer> = {}): UploadPeer {
  return {
    peer,
    interested: true,
    snubbed: false,
    downRate: 0,
    upRate: 0,
    since: -1_000_000,
    served: false,
    servedAt: undefined,
    turnBytes: 0,
    givenBytes: 0,
    hasBytes: 0,
    ...init
  }
}

const torrent = { length: 100 * 2 ** 20, pieceLength: 2 ** 18 }
const { slots, round, optimistic, quotaTime, quotaPieces } = limits.uploads
const quota = quotaPieces * torrent.pieceLength

/** Rounds of one policy, with its own chance. */
function chokerOf(
  make: MakeUploadPolicy,
  seed: number
): { round: (now: number, peers: UploadPeer[], seeding: boolean) => ReadonlySet<string> } {
  const policy = make(torrent)
  const random = seededRandom(seed)
  return { round: (now, peers, seeding) => policy.serve({ now, peers, seeding, random }) }
}

describe('while fetching', () => {
  test('the three that give most are served, and one other', () => {
    const choker = chokerOf(titForTat(), 1)
    const peers = [1, 2, 3, 4, 5, 6].map((n) => peerOf(`p${n}`, { downRate: n * 1_000 }))
    const served = choker.round(0, peers, false)
    expect(served.size).toBe(slots)
    for (const peer of ['p4', 'p5', 'p6']) expect(served).toContain(peer)
  })

  test('nobody is served who wants nothing', () => {
    const choker = chokerOf(titForTat(), 1)
    const peers = [peerOf('a', { interested: false, downRate: 9_000 }), peerOf('b')]
    expect([...choker.round(0, peers, false)]).toEqual(['b'])
  })

  test('a peer that owes us blocks has no slot of its own, only by lot', () => {
    const choker = chokerOf(titForTat(), 1)
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    const others = Array.from({ length: 30 }, (_, i) => peerOf(`o${i}`))
    const snubbed = peerOf('snubbed', { downRate: 1_000_000, snubbed: true })
    const served = choker.round(0, [...givers, snubbed, ...others], false)
    for (const { peer } of givers) expect(served).toContain(peer)
  })

  test('the other is another one after half a minute, not before', () => {
    const choker = chokerOf(titForTat(), 1)
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
    const choker = chokerOf(titForTat(), 7)
    const givers = [1, 2, 3].map((n) => peerOf(`p${n}`, { downRate: n }))
    const idle = Array.from({ length: 20 }, (_, i) => peerOf(`idle${i}`))
    const turns = new Map<string, number>()
    const draws = 4_000
    for (let i = 0; i < draws; i++) {
      const served = choker.round(i * optimistic, [...givers, ...idle], false)
      for (const peer of served) turns.set(peer, (turns.get(peer) ?? 0) + 1)
    }
    const share = draws / idle.length
    for (const { peer } of idle) expect(turns.get(peer)).toBe(share)
  })

  test('a newcomer is three times as likely to be drawn', () => {
    const choker = chokerOf(titForTat(), 3)
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
  test('who is served stays until it is sated and its time is over, then who waited longest', () => {
    const choker = chokerOf(titForTat(), 1)
    const served = ['a', 'b', 'c', 'd'].map((peer, i) =>
      peerOf(peer, { served: true, servedAt: i, turnBytes: quota })
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
    const choker = chokerOf(titForTat(), 1)
    const peers = [
      ...['a', 'b', 'c', 'd'].map((peer) => peerOf(peer, { served: true, servedAt: 0 })),
      peerOf('waiting')
    ]
    expect(choker.round(10 * quotaTime, peers, true)).not.toContain('waiting')
  })

  test('who takes next to nothing loses its turn all the same, after a while', () => {
    const choker = chokerOf(titForTat(), 1)
    const peers = [
      ...['a', 'b', 'c', 'd'].map((peer, i) => peerOf(peer, { served: true, servedAt: i })),
      peerOf('waiting')
    ]
    expect(choker.round(limits.uploads.longestTurn - 1, peers, true)).not.toContain('waiting')
    expect(choker.round(limits.uploads.longestTurn, peers, true)).toContain('waiting')
  })

  test('equal leechers are served equally', () => {
    const choker = chokerOf(titForTat(), 1)
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
          turnBytes: is ? quota : 0,
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

describe('other ways to seed', () => {
  const crowd = Array.from({ length: 6 }, (_, i) => peerOf(`p${i}`, { upRate: i * 1_000 }))

  test('the fastest takers are served, and one other', () => {
    const served = chokerOf(fastestUpload(), 1).round(0, crowd, true)
    expect(served.size).toBe(slots)
    for (const peer of ['p3', 'p4', 'p5']) expect(served).toContain(peer)
  })

  test('the nearly done and those who have just begun come before the middle', () => {
    const peers = [10, 50, 50, 50, 90, 100].map((percent, i) =>
      peerOf(`p${i}`, { hasBytes: (percent / 100) * torrent.length })
    )
    const served = chokerOf(antiLeech(), 1).round(0, peers, true)
    for (const peer of ['p0', 'p4', 'p5']) expect(served).toContain(peer)
  })

  test('what a peer had from us counts, though it denies having it', () => {
    const half = { givenBytes: torrent.length / 2 }
    const peers = Array.from({ length: 4 }, (_, i) => peerOf(`liar${i}`, half))
    const served = chokerOf(antiLeech(), 1).round(0, [...peers, peerOf('new'), peerOf('too')], true)
    for (const peer of ['new', 'too']) expect(served).toContain(peer)
  })

  test('tit-for-tat seeds as it is told to', () => {
    const make = titForTat({ seeding: fastestUpload() })
    expect(chokerOf(make, 1).round(0, crowd, true)).toContain('p5')
  })
})

describe('every policy', () => {
  const anyPeer = fc.record({
    interested: fc.boolean(),
    snubbed: fc.boolean(),
    downRate: fc.nat(100_000),
    upRate: fc.nat(100_000),
    since: fc.nat(1_000),
    givenBytes: fc.nat(torrent.length),
    hasBytes: fc.nat(torrent.length)
  })

  test.each([
    ['titForTat', titForTat],
    ['roundRobin', roundRobin],
    ['fastestUpload', fastestUpload],
    ['antiLeech', antiLeech]
  ])('%s fills its slots with those who ask, and no more', (_, policy) => {
    fc.assert(
      fc.property(
        fc.array(anyPeer, { maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.nat(),
        (facts, count, seeding, seed) => {
          const choker = chokerOf(policy({ slots: count }), seed)
          let peers = facts.map((fact, i) => peerOf(`p${i}`, fact))
          const asking = peers.filter((peer) => peer.interested)
          for (let now = 1_000; now < 300_000; now += round) {
            const served = choker.round(now, peers, seeding)
            expect(served.size).toBe(Math.min(count, asking.length))
            for (const { peer, interested } of peers)
              if (served.has(peer)) expect(interested).toBe(true)
            peers = peers.map((peer) => ({ ...peer, served: served.has(peer.peer) }))
          }
        }
      )
    )
  })
})

describe('what a policy is told of a peer', () => {
  const { block } = limits.wire
  const short = fakeTorrent({ length: 2 * 4 * block + 5, pieceLength: 4 * block })
  /** A core that serves nobody, and the peers its policy was last asked about. */
  const asked = (): { probe: Probe; peers: () => readonly UploadPeer[] } => {
    let peers: readonly UploadPeer[] = []
    const uploads: MakeUploadPolicy = () => ({
      slots: 1,
      serve: (turn) => {
        peers = turn.peers
        return new Set()
      }
    })
    return { probe: new Probe('none', { torrent: short, uploads }).up(), peers: () => peers }
  }

  test('are the bytes of its pieces, the last of which is short', () => {
    const { probe, peers } = asked()
    probe.says({ type: 'have', piece: 0 }).says({ type: 'have', piece: 2 })
    probe.says({ type: 'interested' })
    expect(peers().map(({ hasBytes }) => hasBytes)).toEqual([4 * block + 5])
  })

  test('is that it wants nothing, when it has said that it is upload-only', () => {
    const { probe, peers } = asked()
    const says = (uploadOnly: boolean): void => {
      const payload = encodeExtendedHandshake({ uploadOnly })
      probe.says({ type: 'extended', id: 0, payload }).says({ type: 'interested' })
    }
    says(true)
    expect(peers().map(({ interested }) => interested)).toEqual([false])
    says(false)
    expect(peers().map(({ interested }) => interested)).toEqual([true])
  })
})
