import { seededRandom } from '@peerage/testbed'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../src/tracker/limits.ts'
import type { Announce } from '../src/tracker/messages.ts'
import { Registry } from '../src/tracker/registry.ts'

const minute = 60_000
const address = new Uint8Array([4, 127, 0, 0, 1, 6, 15, 161])

function hash(torrent: number): Uint8Array {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(0, torrent)
  return bytes
}

function announcing(torrent: number, more: Partial<Announce> = {}): Announce {
  return {
    type: 'announce',
    infoHash: hash(torrent),
    want: 50,
    left: 1,
    addresses: [address],
    ...more
  }
}

function registry(seed = 1): Registry {
  return new Registry({ random: seededRandom(seed) })
}

function peersIn(answer: ReturnType<Registry['announce']>): string[] {
  return answer.type === 'announced' ? answer.peers.map(({ id }) => id).sort() : [answer.reason]
}

const full = { type: 'refused', reason: 'this tracker is full: ask another' }

describe('a registry', () => {
  test('tells of the others, and how many there are', () => {
    const tracker = registry()
    tracker.announce(0, 'ann', announcing(1, { left: 0 }))
    tracker.announce(0, 'ben', announcing(1))
    tracker.announce(0, 'eve', announcing(2))
    const answer = tracker.announce(0, 'cat', announcing(1))
    expect(peersIn(answer)).toEqual(['ann', 'ben'])
    expect(answer).toMatchObject({ complete: 1, incomplete: 2, interval: 15 * minute })
  })

  test('tells a seed of no other seed', () => {
    const tracker = registry()
    tracker.announce(0, 'ann', announcing(1, { left: 0 }))
    tracker.announce(0, 'ben', announcing(1))
    expect(peersIn(tracker.announce(0, 'cat', announcing(1, { left: 0 })))).toEqual(['ben'])
  })

  test('counts a peer that nobody can reach, and sends nobody there', () => {
    const tracker = registry()
    tracker.announce(0, 'ann', announcing(1, { addresses: [] }))
    const answer = tracker.announce(0, 'ben', announcing(1))
    expect(answer).toMatchObject({ incomplete: 2, peers: [] })
  })

  test('forgets whoever says goodbye, and at last the torrent', () => {
    const tracker = registry()
    tracker.announce(0, 'ann', announcing(1))
    const answer = tracker.announce(0, 'ann', announcing(1, { event: 'stopped' }))
    expect(answer).toMatchObject({ incomplete: 0, peers: [] })
    expect(tracker.size).toEqual({ swarms: 0, peers: 0, entries: 0 })
  })

  test('forgets whoever is silent for two and a half intervals, and no sooner', () => {
    const tracker = registry()
    tracker.announce(0, 'ann', announcing(1))
    tracker.announce(minute, 'ben', announcing(1))
    const end = 15 * minute * limits.tracker.intervalsKept
    expect(tracker.countsOf(end - 1, '00000001'.padEnd(40, '0'))).toMatchObject({ incomplete: 2 })
    expect(tracker.countsOf(end, '00000001'.padEnd(40, '0'))).toMatchObject({ incomplete: 1 })
    expect(tracker.countsOf(end + minute, '00000001'.padEnd(40, '0'))).toBeUndefined()
    expect(tracker.size.peers).toBe(0)
  })

  test('counts a finished download once, however often it is told', () => {
    const tracker = registry()
    const told = announcing(1, { event: 'completed', left: 0 })
    tracker.announce(0, 'ann', announcing(1))
    for (let i = 0; i < 3; i++) tracker.announce(0, 'ann', told)
    const scraped = tracker.scrape(0, 'ben', [hash(1), hash(2)])
    expect(scraped).toEqual({
      type: 'scraped',
      torrents: new Map([
        ['00000001'.padEnd(40, '0'), { complete: 1, incomplete: 0, downloaded: 1 }]
      ])
    })
  })

  test('gives no more peers than it is asked for, each once, others each time', () => {
    const tracker = registry()
    for (let i = 0; i < 200; i++) tracker.announce(0, `peer${i}`, announcing(1))
    const first = peersIn(tracker.announce(0, 'ann', announcing(1, { want: 50 })))
    const second = peersIn(tracker.announce(0, 'ann', announcing(1, { want: 50 })))
    expect(new Set(first).size).toBe(50)
    expect(second).not.toEqual(first)
  })

  test('keeps so many peers of a torrent; a newcomer takes the oldest place', () => {
    const tracker = registry()
    const most = limits.tracker.peersPerSwarm
    for (let i = 0; i <= most; i++) tracker.announce(i, `peer${i}`, announcing(1))
    expect(tracker.size.entries).toBe(most)
    const seen = new Set<string>()
    for (let i = 0; i < 500; i++) {
      for (const peer of peersIn(tracker.announce(most, 'peer1', announcing(1)))) seen.add(peer)
    }
    expect(seen.has('peer0')).toBe(false)
    tracker.check()
  })

  test('lets one peer into so many torrents and no further', () => {
    const tracker = registry()
    const most = limits.tracker.swarmsPerPeer
    for (let i = 0; i < most; i++) tracker.announce(i * 1_000, 'ann', announcing(i))
    expect(tracker.size.entries).toBe(most)
    const answer = tracker.announce(most * 1_000, 'ann', announcing(most))
    expect(answer).toMatchObject({ type: 'refused' })
    expect(tracker.announce(most * 1_000, 'ben', announcing(most)).type).toBe('announced')
  })

  test('knows so many peers, and then those it knows alone', () => {
    const tracker = registry()
    const { peers, peersPerSwarm } = limits.tracker
    const many = (torrent: number) => announcing(torrent, { want: 0 })
    for (let i = 0; i < peers; i++) {
      tracker.announce(0, `peer${i}`, many(Math.floor(i / peersPerSwarm)))
    }
    expect(tracker.size).toMatchObject({ peers, entries: peers })
    expect(tracker.announce(0, 'one more', many(99))).toEqual(full)
    expect(tracker.announce(0, 'peer0', many(99)).type).toBe('announced')
  })

  test('knows so many torrents, and then those it knows alone', () => {
    const tracker = registry()
    const { swarms, swarmsPerPeer } = limits.tracker
    for (let i = 0; i < swarms; i++) {
      tracker.announce(0, `peer${Math.floor(i / swarmsPerPeer)}`, announcing(i, { want: 0 }))
    }
    expect(tracker.size.swarms).toBe(swarms)
    expect(tracker.announce(0, 'ann', announcing(swarms))).toEqual(full)
    expect(tracker.announce(0, 'ann', announcing(swarms - 1)).type).toBe('announced')
  })

  test('knows so many peers in torrents, and nobody loses a place to one more', () => {
    const tracker = registry()
    const { entries, swarmsPerPeer } = limits.tracker
    for (let i = 0; i < entries; i++) {
      const peer = `peer${Math.floor(i / swarmsPerPeer)}`
      tracker.announce(0, peer, announcing(i % swarmsPerPeer, { want: 0 }))
    }
    expect(tracker.size.entries).toBe(entries)
    expect(tracker.announce(0, 'ann', announcing(0))).toEqual(full)
    expect(tracker.announce(1_000, 'peer0', announcing(0)).type).toBe('announced')
    expect(tracker.size.entries).toBe(entries)
    tracker.announce(1_000, 'peer0', announcing(0, { event: 'stopped' }))
    expect(tracker.announce(1_000, 'ann', announcing(0)).type).toBe('announced')
  })

  test('refuses whoever asks too often, for as long as it does', () => {
    const tracker = registry()
    const { burst, perSecond } = limits.tracker
    for (let i = 0; i < burst; i++) {
      expect(tracker.announce(0, 'ann', announcing(1)).type).toBe('announced')
    }
    expect(tracker.announce(0, 'ann', announcing(1))).toMatchObject({ type: 'refused' })
    expect(tracker.announce(0, 'ben', announcing(1)).type).toBe('announced')
    expect(tracker.announce(1_000 / perSecond, 'ann', announcing(1)).type).toBe('announced')
  })

  test('is right about everybody after any story', () => {
    const step = fc.record({
      peer: fc.integer({ min: 0, max: 5 }),
      torrent: fc.integer({ min: 0, max: 4 }),
      event: fc.constantFrom(undefined, 'started', 'stopped', 'completed'),
      left: fc.constantFrom(0, 1, undefined),
      wait: fc.integer({ min: 0, max: 20 * minute })
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
        const tracker = registry(seed)
        let now = 0
        for (const { peer, torrent, event, left, wait } of steps) {
          now += wait
          const more = { event, left, infoHash: hash(torrent) } as Partial<Announce>
          const answer = tracker.announce(now, `peer${peer}`, announcing(torrent, more))
          expect(peersIn(answer)).not.toContain(`peer${peer}`)
          tracker.check()
        }
      })
    )
  })
})
