import { seededRandom } from '@peerage/testbed'
import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBencode } from '../src/codec/bencode-encode.ts'
import { decodeQueueStatus, encodeQueueStatus } from '../src/codec/queue-status.ts'
import { CreditBook } from '../src/core/uploads/policies/credit.ts'
import type { UploadPeer, UploadPolicy } from '../src/core/uploads/policies/policy.ts'
import { slotsAndQueue } from '../src/core/uploads/policies/slots-and-queue.ts'
import { limits } from '../src/limits.ts'
import { TestSwarm } from './test-swarm.ts'

const mebibyte = 2 ** 20
const film = { length: 700 * mebibyte, pieceLength: mebibyte }
const text = { length: 4_000, pieceLength: 16_384 }
const { creditFrom, creditPeers, entries, grace, idle, turnBytes, turnTime } = limits.queue

function peerOf(peer: string, interested = true): UploadPeer {
  return {
    peer,
    interested,
    snubbed: false,
    downRate: 0,
    upRate: 0,
    since: 0,
    served: false,
    servedAt: undefined,
    turnBytes: 0,
    givenBytes: 0,
    hasBytes: 0
  }
}

/** One round among those who ask. */
function serve(policy: UploadPolicy, now: number, asking: readonly string[]): string[] {
  const peers = asking.map((peer) => peerOf(peer))
  return [...policy.serve({ now, peers, seeding: true, random: seededRandom(1) })].sort()
}

function bookOf(got: Record<string, number>): CreditBook {
  const book = new CreditBook()
  for (const [peer, bytes] of Object.entries(got)) book.got(peer, bytes)
  return book
}

describe('slots and a queue', () => {
  test('who comes first is served first, and the others see where they stand', () => {
    const policy = slotsAndQueue({ slots: 1 })(film)
    expect(serve(policy, 0, ['a'])).toEqual(['a'])
    expect(serve(policy, 1_000, ['a', 'b'])).toEqual(['a'])
    expect(serve(policy, 2_000, ['a', 'b', 'c'])).toEqual(['a'])
    const places = policy.places?.(3_000)
    expect(places?.get('b')).toEqual({ position: 1, length: 2, wait: undefined })
    expect(places?.get('c')).toEqual({ position: 2, length: 2, wait: undefined })
  })

  test('the wait is told by how long turns take', () => {
    const policy = slotsAndQueue({ slots: 1 })(film)
    serve(policy, 0, ['a', 'b', 'c'])
    serve(policy, 8_000, ['b', 'c'])
    expect(policy.places?.(8_000).get('c')).toEqual({ position: 1, length: 1, wait: 8_000 })
  })

  test('a turn ends after its bytes, or its time, only when others wait', () => {
    const make = slotsAndQueue({ slots: 1 })
    const policy = make(film)
    serve(policy, 0, ['a'])
    policy.gave?.('a', turnBytes)
    expect(serve(policy, 1_000, ['a'])).toEqual(['a'])
    expect(serve(policy, 2_000, ['a', 'b'])).toEqual(['b'])
    for (let now = 3_000; now < 2_000 + turnTime; now += 1_000) {
      policy.gave?.('b', 1)
      expect(serve(policy, now, ['a', 'b'])).toEqual(['b'])
    }
    expect(serve(policy, 2_000 + turnTime, ['a', 'b'])).toEqual(['a'])
  })

  test('who takes nothing loses the slot', () => {
    const policy = slotsAndQueue({ slots: 1 })(film)
    serve(policy, 0, ['a', 'b'])
    expect(serve(policy, idle - 1, ['a', 'b'])).toEqual(['a'])
    expect(serve(policy, idle, ['a', 'b'])).toEqual(['b'])
  })

  test('who loses its connection keeps its place for a while', () => {
    const policy = slotsAndQueue({ slots: 1 })(film)
    serve(policy, 0, ['a'])
    serve(policy, 1_000, ['a', 'b'])
    serve(policy, 2_000, ['a', 'c'])
    policy.gave?.('a', turnBytes)
    expect(serve(policy, grace, ['b', 'c'])).toEqual(['b'])
    const other = slotsAndQueue({ slots: 1 })(film)
    serve(other, 0, ['a'])
    serve(other, 1_000, ['a', 'b'])
    serve(other, 2_000, ['a', 'c'])
    serve(other, 2_000 + grace, ['a', 'c'])
    expect(serve(other, 3_000 + grace, ['b', 'c'])).toEqual(['c'])
  })

  test('one peer is served of one torrent at a time', () => {
    const make = slotsAndQueue({ slots: 2 })
    const [first, second] = [make(film), make({ ...film })]
    expect(serve(first, 0, ['a'])).toEqual(['a'])
    expect(serve(second, 0, ['a'])).toEqual([])
    expect(serve(second, 1_000, ['a', 'b'])).toEqual(['b'])
    expect(make.queue(1_000)).toEqual([{ peer: 'a', waited: 1_000 }])
  })

  test('a small torrent does not wait behind a large one', () => {
    const make = slotsAndQueue({ slots: 1 })
    const [large, small] = [make(film), make(text)]
    serve(large, 0, ['a', 'b'])
    expect(serve(small, 0, ['c', 'd'])).toEqual(['c'])
    expect(serve(small, 1_000, ['d'])).toEqual(['d'])
  })

  test('waiting counts more for those who gave', () => {
    const credit = bookOf({ friend: 100 * mebibyte })
    const policy = slotsAndQueue({ slots: 1, credit })(film)
    serve(policy, 0, ['a'])
    serve(policy, 1_000, ['a', 'stranger'])
    serve(policy, 30_000, ['a', 'stranger', 'friend'])
    expect(serve(policy, 40_000, ['stranger', 'friend'])).toEqual(['friend'])
  })

  test('every fourth slot is for a newcomer, however many friends come', () => {
    const names = Array.from({ length: 40 }, (_, i) => `friend-${i}`)
    const credit = bookOf(Object.fromEntries(names.map((name) => [name, 100 * mebibyte])))
    const policy = slotsAndQueue({ slots: 1, credit })(film)
    const turns = Array.from({ length: 12 }, (_, i) => {
      // each turn ends because its peer is done, and friends have waited much longer
      const left = names.slice(i)
      return serve(policy, 1_000_000 + i * 1_000, i === 0 ? names : [...left, 'x', 'y', 'z'])
    })
    expect(turns.flat().filter((peer) => 'xyz'.includes(peer))[0]).toBe('x')
  })

  test('the queue is bounded', () => {
    const make = slotsAndQueue({ slots: 1 })
    const crowd = Array.from({ length: entries + 1 }, (_, i) => `p${i}`)
    serve(make(film), 0, crowd)
    expect(make.queue(0)).toHaveLength(entries - 1)
  })
})

describe('whatever comes', () => {
  test('slots are never exceeded and nobody is served twice', () => {
    const step = fc.record({
      ask: fc.array(fc.nat(9), { maxLength: 10 }),
      torrent: fc.nat(3),
      gives: fc.nat(turnBytes),
      after: fc.nat(90_000)
    })
    const init = fc.record({
      slots: fc.integer({ min: 1, max: 4 }),
      perPeer: fc.integer({ min: 1, max: 2 })
    })
    fc.assert(
      fc.property(init, fc.array(step, { maxLength: 40 }), ({ slots, perPeer }, steps) => {
        const make = slotsAndQueue({ slots, perPeer })
        const torrents = [make(film), make({ ...film }), make({ ...film }), make(text)]
        const served = torrents.map((): string[] => [])
        let now = 0
        for (const { ask, torrent, gives, after } of steps) {
          now += after
          served[torrent] = serve(
            torrents[torrent]!,
            now,
            [...new Set(ask)].map((n) => `p${n}`)
          )
          for (const peer of served[torrent]) torrents[torrent]!.gave?.(peer, gives)
          // what the others serve may have been ended by this round, never added to
          expect(served[torrent].length).toBeLessThanOrEqual(torrent === 3 ? 1 : slots)
          expect(new Set(served[torrent]).size).toBe(served[torrent].length)
        }
        const last = torrents.map((policy, i) => serve(policy, now, served[i]!))
        expect(last.slice(0, 3).flat().length).toBeLessThanOrEqual(slots)
      })
    )
  })

  test('nobody starves, whatever the others have earned', () => {
    const earned = fc.array(fc.nat(200 * mebibyte), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(earned, fc.integer({ min: 1, max: 4 }), (got, slots) => {
        const names = got.map((_, i) => `p${i}`)
        const credit = bookOf(Object.fromEntries(got.map((bytes, i) => [`p${i}`, bytes])))
        const policy = slotsAndQueue({ slots, credit })(film)
        const hungry = new Set(names)
        // a turn takes ten seconds here; the best paid may have ten for one of the poorest
        for (let now = 0; now <= names.length * 10 * 20_000 && hungry.size > 0; now += 5_000) {
          for (const peer of serve(policy, now, names)) {
            hungry.delete(peer)
            policy.gave?.(peer, turnBytes / 2)
          }
        }
        expect([...hungry]).toEqual([])
      })
    )
  })
})

describe('credit', () => {
  const amount = fc.nat(2_000 * mebibyte)

  test('grows with what was got and falls with what was given, between 1 and 10', () => {
    const factor = (got: number, given: number): number => {
      const book = bookOf({ peer: got })
      book.gave('peer', given)
      return book.factor('peer')
    }
    fc.assert(
      fc.property(amount, amount, amount, (got, given, more) => {
        const before = factor(got, given)
        expect(before).toBeGreaterThanOrEqual(1)
        expect(before).toBeLessThanOrEqual(10)
        expect(factor(got + more, given)).toBeGreaterThanOrEqual(before)
        expect(factor(got, given + more)).toBeLessThanOrEqual(before)
      })
    )
  })

  test('begins at a mebibyte, and is the formula of eMule', () => {
    expect(bookOf({ peer: creditFrom - 1 }).factor('peer')).toBe(1)
    expect(bookOf({ peer: creditFrom }).factor('peer')).toBeCloseTo(Math.sqrt(3))
    const book = bookOf({ peer: 50 * mebibyte })
    book.gave('peer', 40 * mebibyte)
    expect(book.factor('peer')).toBe(2.5)
    expect(bookOf({ peer: 5_000 * mebibyte }).factor('peer')).toBe(10)
  })

  test('survives as plain data', () => {
    const book = bookOf({ a: 7 * mebibyte, b: 3 })
    book.gave('b', 9)
    const copy = new CreditBook()
    copy.import(JSON.parse(JSON.stringify(book.export())))
    expect(copy.export()).toEqual(book.export())
    copy.import([{ peer: 'c', got: -1, given: 0 }])
    copy.import([{ peer: 'c', got: 0, given: Infinity }])
    expect(copy.size).toBe(2)
  })

  test('a crowd of new keys does not push out those who gave', () => {
    const book = bookOf({ friend: mebibyte })
    for (let i = 0; i < creditPeers; i++) book.gave(`p${i}`, 1)
    expect(book.size).toBe(creditPeers)
    expect(book.factor('friend')).toBeGreaterThan(1)
  })
})

describe('a place in a queue', () => {
  test('goes over the wire in whole seconds', () => {
    const place = { position: 3, length: 12, wait: 61_000 }
    expect(decodeQueueStatus(encodeQueueStatus({ ...place, wait: 60_001 }))).toEqual(place)
    const unknown = { ...place, wait: undefined }
    expect(decodeQueueStatus(encodeQueueStatus(unknown))).toEqual(unknown)
  })

  test.each([
    ['no dictionary', [1]],
    ['no place', { length: 3 }],
    ['a place before the first', { position: 0, length: 3 }],
    ['a place behind the last', { position: 4, length: 3 }],
    ['an endless queue', { position: 1, length: 2 ** 31 + 1 }]
  ])('%s is refused', (_, value) => {
    expect(decodeQueueStatus(encodeBencode(value))).toBeInstanceOf(WireError)
  })

  test('any bytes give a place or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const place = decodeQueueStatus(bytes)
        if (!(place instanceof WireError)) expect(place.position).toBeLessThanOrEqual(place.length)
      })
    )
  })
})

describe('a torrent core with slots and a queue', () => {
  test('tells those who wait where they stand, and serves them in turn', () => {
    const swarm = new TestSwarm()
    const uploads = slotsAndQueue({ slots: 1 })
    const seed = swarm.add('seed', 'all', undefined, uploads)
    const leechers = ['a', 'b', 'c'].map((key) => swarm.add(key))
    swarm.connect(seed, ...leechers)
    swarm.run(() => leechers.every((leecher) => leecher.complete))
    const told = leechers.flatMap(({ news }) => news.filter(({ type }) => type === 'queued'))
    expect(told[0]).toMatchObject({ peer: 'seed', place: { position: 1 } })
  })

  test('counts what was verified for whoever gave it', () => {
    const swarm = new TestSwarm()
    const uploads = slotsAndQueue()
    const leecher = swarm.add('leecher', 'none', undefined, uploads)
    swarm.connect(leecher, swarm.add('a', 'all'), swarm.add('b', 'all'))
    swarm.run(() => leecher.complete)
    const got = uploads.credit.export().reduce((sum, record) => sum + record.got, 0)
    expect(got).toBe(swarm.torrent.length)
  })
})
