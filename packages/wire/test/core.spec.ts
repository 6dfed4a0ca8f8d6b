import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { BoundedMap, isLedgerRecord, limits, PeerLedger, TokenBucket } from '../src/index.ts'

describe('a bounded map', () => {
  it('keeps as many entries as it may and lets the oldest go at one more', () => {
    const gone: string[] = []
    const map = new BoundedMap<string, number>({ max: 2, onEvict: (key) => gone.push(key) })
    map.set('a', 1)
    map.set('b', 2)
    expect(gone).toEqual([])
    map.set('c', 3)
    expect(gone).toEqual(['a'])
    expect([...map]).toEqual([
      ['b', 2],
      ['c', 3]
    ])
  })

  it('makes an entry young again when it is set again', () => {
    const map = new BoundedMap<string, number>({ max: 2 })
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    expect(map.has('b')).toBe(false)
    expect(map.get('a')).toBe(3)
  })

  it('takes a full share from its own owner and leaves the others alone', () => {
    const map = new BoundedMap<string, number>({ max: 10, maxPerOwner: 2 })
    map.set('mine', 0, 'quiet')
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, i, 'loud')
    expect([...map].map(([key]) => key)).toEqual(['mine', 'c', 'd'])
  })

  it('never holds more than its ceiling or a share, whatever is set and deleted', () => {
    const step = fc.record({
      key: fc.nat(20),
      owner: fc.constantFrom('x', 'y', 'z'),
      remove: fc.boolean()
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new BoundedMap<number, string>({ max: 7, maxPerOwner: 3 })
        for (const { key, owner, remove } of steps) {
          if (remove) map.delete(key)
          else map.set(key, owner, owner)
          const held = [...map].map(([, value]) => value)
          expect(held.length).toBe(map.size)
          expect(map.size).toBeLessThanOrEqual(7)
          for (const one of ['x', 'y', 'z']) {
            expect(held.filter((value) => value === one).length).toBeLessThanOrEqual(3)
          }
        }
      })
    )
  })
})

describe('a token bucket', () => {
  it('lets a full burst through and refuses one more', () => {
    const bucket = new TokenBucket({ capacity: 3, perSecond: 1 })
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false])
  })

  it('fills at its rate and never over its capacity', () => {
    const bucket = new TokenBucket({ capacity: 2, perSecond: 10 })
    bucket.take(0, 2)
    expect(bucket.take(99)).toBe(false)
    expect(bucket.take(100)).toBe(true)
    expect(bucket.take(1_000_000, 3)).toBe(false)
    expect(bucket.take(1_000_000, 2)).toBe(true)
  })
})

describe('the peer ledger', () => {
  const ledger = () => new PeerLedger({ dropAt: 10, banAt: 20, halfLife: 1000, firstBan: 100 })

  it('drops at its mark and not one point before', () => {
    const book = ledger()
    expect(book.score(0, 'p', 9)).toBe('keep')
    expect(book.score(0, 'p', 1)).toBe('drop')
  })

  it('bans at its mark, until the ban runs out', () => {
    const book = ledger()
    expect(book.score(0, 'p', 20)).toBe('ban')
    expect(book.bannedUntil(99, 'p')).toBe(100)
    expect(book.bannedUntil(100, 'p')).toBe(0)
  })

  it('doubles each further ban up to the longest', () => {
    const book = new PeerLedger({ banAt: 1, firstBan: 100, longestBan: 350 })
    const ends = [0, 1000, 2000, 3000].map((now) => {
      book.score(now, 'p', 1)
      return book.bannedUntil(now, 'p') - now
    })
    expect(ends).toEqual([100, 200, 350, 350])
    expect(book.bans).toBe(4)
  })

  it('lets points fade by half each half-life', () => {
    const book = ledger()
    book.score(0, 'p', 8)
    expect(book.points(1000, 'p')).toBe(4)
    expect(book.points(2000, 'p')).toBe(2)
  })

  it('forgets the least recent offender first and a banned one last', () => {
    const book = new PeerLedger({ banAt: 20, maxPeers: 2 })
    book.ban(0, 'banned')
    book.score(1, 'old', 1)
    book.score(2, 'new', 1)
    expect(book.size).toBe(2)
    expect(book.points(2, 'old')).toBe(0)
    expect(book.bannedUntil(2, 'banned')).toBe(limits.firstBan)
  })
})

describe('a ledger that is kept between runs', () => {
  const ledger = (maxPeers = 10) =>
    new PeerLedger({ dropAt: 10, banAt: 20, halfLife: 1_000, firstBan: 100, maxPeers })
  const bannedAndCharged = () => {
    const book = ledger()
    book.score(0, 'banned', 20)
    book.score(0, 'charged', 8)
    return book.export(0)
  }

  test.each([
    [0, 100, 8],
    [60, 40, 8 * 2 ** -0.06],
    [100, 0, 8 * 2 ** -0.1],
    [1_000, 0, 4]
  ])('after %s ms away still bans for %s', (elapsed, left, points) => {
    const book = ledger()
    book.import(5_000, bannedAndCharged(), elapsed)
    const until = book.bannedUntil(5_000, 'banned')
    expect(until === 0 ? 0 : until - 5_000).toBe(left)
    expect(book.points(5_000, 'charged')).toBeCloseTo(points)
  })

  test('makes the next ban longer, as if it had never been away', () => {
    const book = ledger()
    book.import(0, bannedAndCharged(), 500)
    expect(book.score(0, 'banned', 20)).toBe('ban')
    expect(book.bannedUntil(0, 'banned')).toBe(200)
  })

  test('lets what weighs more stand of a peer that is known already', () => {
    const book = ledger()
    book.score(0, 'charged', 9)
    book.import(0, bannedAndCharged(), 0)
    expect(book.points(0, 'charged')).toBe(9)
    book.import(0, [{ peer: 'charged', points: 3, bans: 0, bannedFor: 70 }], 0)
    expect([book.points(0, 'charged'), book.bannedUntil(0, 'charged')]).toEqual([9, 70])
  })

  test('takes back as many as it holds, and no ban longer than the longest', () => {
    const records = Array.from({ length: 11 }, (_, i) => ({
      peer: `p${i}`,
      points: 1,
      bans: 1,
      bannedFor: Number.MAX_VALUE
    }))
    const book = ledger()
    book.import(0, records.slice(0, 10), 0)
    expect([book.size, book.bannedUntil(0, 'p0')]).toEqual([10, limits.longestBan])
    book.import(0, records, 0)
    expect([book.size, book.bannedUntil(0, 'p0')]).toEqual([10, 0])
  })

  test('tells when there is something new to keep', () => {
    const book = ledger()
    let changes = 0
    book.onChange = () => changes++
    book.import(0, bannedAndCharged(), 0)
    book.points(0, 'charged')
    expect(changes).toBe(0)
    book.score(0, 'charged', 1)
    book.ban(0, 'other')
    expect(changes).toBe(2)
  })

  test('knows its records from other things', () => {
    const record = { peer: 'p', points: 0, bans: 0, bannedFor: 0 }
    expect(isLedgerRecord(record)).toBe(true)
    const others = [
      null,
      'p',
      [],
      { ...record, peer: '' },
      { ...record, peer: 'p'.repeat(129) },
      { ...record, points: -1 },
      { ...record, bannedFor: Infinity },
      { ...record, bans: 0.5 }
    ]
    expect(others.filter(isLedgerRecord)).toEqual([])
  })
})
