import { describe, expect, it } from 'vitest'
import type { HitsFrame } from '../src/codec/frame.ts'
import { limits } from '../src/limits.ts'
import { idOf, query, Solo, song } from './solo.ts'

const envelope = new Uint8Array(9)
const hits = (n: number, hops = 0): HitsFrame => ({
  type: 'hits',
  queryId: idOf(n),
  hops,
  envelope
})

describe('a query from a neighbour', () => {
  it('goes on to everyone but its sender, one hop further', () => {
    const node = new Solo().neighbours('a', 'b', 'c').frame('b', query(1, { ttl: 4, hops: 2 }))
    expect(node.sent).toEqual([
      ['a', query(1, { ttl: 3, hops: 3 })],
      ['c', query(1, { ttl: 3, hops: 3 })]
    ])
    expect(node.news.map(({ type }) => type)).toEqual(['query-seen', 'query-forwarded'])
  })

  it('stops where its TTL says', () => {
    const node = new Solo({ match: () => [song] })
      .neighbours('a', 'b')
      .frame('a', query(1, { ttl: 1 }))
    expect(node.sent).toEqual([])
    expect(node.work).toMatchObject([{ type: 'sign', items: [song] }])
  })

  it('is dropped when it was here before', () => {
    const node = new Solo().neighbours('a', 'b', 'c').frame('a', query(1)).frame('b', query(1))
    expect(node.effects).toEqual([])
    expect(node.core.counts.duplicates).toBe(1)
  })

  it('is an offence when the same neighbour sends it twice', () => {
    const node = new Solo().neighbours('a', 'b').frame('a', query(1)).frame('a', query(1))
    expect(node.sent).toEqual([])
    expect(node.scored).toEqual([['a', 'it sent a query twice']])
  })

  it.each([
    [7, 1],
    [200, 3],
    [255, 255],
    [0, 2]
  ])('with TTL %i and %i hops is trimmed or dropped, and an offence', (ttl, hops) => {
    const node = new Solo().neighbours('a', 'b').frame('a', query(1, { ttl, hops }))
    expect(node.scored).toEqual([['a', 'its TTL and hops are out of bounds']])
    for (const [, frame] of node.sent) {
      expect(frame.type === 'query' && frame.ttl + frame.hops).toBe(limits.maxTtl)
    }
    expect(node.sent.length).toBe(ttl > 0 && hops < 6 ? 1 : 0)
  })

  it('does not go to a neighbour whose queue is full, until it has caught up', () => {
    const node = new Solo().neighbours('a', 'b', 'c').give({ type: 'slow', peer: 'b' })
    expect(node.frame('a', query(1)).sentTo).toEqual(['c'])
    node.give({ type: 'ready', peer: 'b' })
    expect(node.frame('a', query(2)).sentTo).toEqual(['b', 'c'])
  })

  it('does not go to a peer that has not said hello', () => {
    const node = new Solo().neighbours('a', 'b').up('c').frame('a', query(1))
    expect(node.sentTo).toEqual(['b'])
  })

  it('of its own is taken 20 times in a burst, then once a second', () => {
    const node = new Solo().neighbours('a', 'b')
    for (let i = 0; i < limits.ownQueryBurst; i++) {
      expect(node.frame('a', query(i)).sentTo).toEqual(['b'])
    }
    expect(node.frame('a', query(100)).sent).toEqual([])
    expect(node.scored).toEqual([['a', 'it searches too often']])
    node.now += 1000
    expect(node.frame('a', query(100)).sentTo).toEqual(['b'])
  })

  it('that it passes on is taken 60 times in a burst, and more is not its fault', () => {
    const node = new Solo().neighbours('a', 'b')
    for (let i = 0; i < limits.relayedQueryBurst; i++)
      node.frame('a', query(i, { hops: 1, ttl: 6 }))
    expect(node.sentTo).toEqual(['b'])
    expect(node.frame('a', query(100, { hops: 1, ttl: 6 })).effects).toEqual([])
    expect(node.core.counts.overRate).toBe(1)
  })
})

describe('a match', () => {
  it('is signed and sent back to the neighbour the query came from', () => {
    const node = new Solo({ match: () => [song] }).neighbours('a', 'b').frame('a', query(1))
    node.done({ type: 'signed', envelope })
    expect(node.sent).toEqual([['a', hits(1)]])
    expect(node.news).toEqual([{ type: 'query-answered', id: idOf(1), to: 'a', items: 1 }])
  })

  it('is not sent when the neighbour has gone meanwhile', () => {
    const node = new Solo({ match: () => [song] }).neighbours('a').frame('a', query(1))
    const job = node.effects.find((effect) => effect.type === 'job')!.job
    node.give({ type: 'down', peer: 'a' }).neighbours('a')
    node.give({ type: 'done', job, result: { type: 'signed', envelope } })
    expect(node.sent).toEqual([])
  })

  it('that cannot be signed is not sent', () => {
    const node = new Solo({ match: () => [song] }).neighbours('a').frame('a', query(1))
    expect(node.done({ type: 'failed', reason: 'no key' }).sent).toEqual([])
  })

  it('is asked for with the limit of the query, and no more than 50 items', () => {
    const asked: unknown[] = []
    const match = (sought: unknown): [] => {
      asked.push(sought)
      return []
    }
    const node = new Solo({ match }).neighbours('a')
    node.frame('a', query(1, { query: { words: 'x', type: 'audio', limit: 9 } }))
    node.frame('a', query(2, { query: { words: 'x', limit: 0 } }))
    expect(asked).toEqual([{ words: 'x', type: 'audio', limit: 9 }])
  })

  it('is not looked at once 64 signatures are under way', () => {
    const node = new Solo({ match: () => [song], limits: { ownQueryBurst: 99 } }).neighbours('a')
    for (let i = 0; i < limits.jobs; i++) expect(node.frame('a', query(i)).work).toHaveLength(1)
    expect(node.frame('a', query(99)).work).toEqual([])
  })
})

describe('a hit for somebody else', () => {
  it('goes back the way its query came', () => {
    const node = new Solo().neighbours('a', 'b', 'c').frame('b', query(1)).frame('c', hits(1, 3))
    expect(node.sent).toEqual([['b', hits(1, 4)]])
    expect(node.news).toEqual([{ type: 'hit-routed', id: idOf(1), from: 'c', to: 'b', hops: 4 }])
  })

  it.each([
    ['of a query nobody sent', 'c', 2],
    ['from the one who asked', 'b', 1],
    ['from a neighbour that came after the query', 'd', 1]
  ])('%s is dropped and scored', (_what, from, n) => {
    const node = new Solo().neighbours('a', 'b', 'c').frame('b', query(1)).neighbours('d')
    node.frame(from, hits(n))
    expect(node.sent).toEqual([])
    expect(node.scored).toEqual([[from, 'it sent a hit for a query it was not sent']])
  })

  it('is dropped when its query stopped here', () => {
    const node = new Solo()
      .neighbours('a', 'b')
      .frame('a', query(1, { ttl: 1 }))
      .frame('b', hits(1))
    expect(node.scored).toHaveLength(1)
  })

  it('is lost when the way back is gone, even if the link’s number is in use again', () => {
    const node = new Solo().neighbours('a', 'b').frame('a', query(1))
    node.give({ type: 'down', peer: 'a' }).neighbours('c').frame('b', hits(1))
    expect(node.effects).toEqual([])
    expect(node.core.counts.hitsLost).toBe(1)
  })

  it('with more hops than any query goes is dropped and scored', () => {
    const node = new Solo().neighbours('a', 'b').frame('a', query(1))
    expect(node.frame('b', hits(1, 6)).sentTo).toEqual(['a'])
    expect(node.frame('b', hits(1, 7)).sent).toEqual([])
    expect(node.scored).toEqual([['b', 'its TTL and hops are out of bounds']])
  })

  it('is taken 200 times in a burst and then 50 times a second', () => {
    const node = new Solo().neighbours('a', 'b').frame('a', query(1))
    for (let i = 0; i < limits.hitsBurst; i++) {
      expect(node.frame('b', hits(1)).sentTo).toEqual(['a'])
    }
    expect(node.frame('b', hits(1)).sent).toEqual([])
    expect(node.effects).toEqual([])
    node.now += 20
    expect(node.frame('b', hits(1)).sentTo).toEqual(['a'])
  })
})

describe('a strategy', () => {
  it('decides who hears a query', () => {
    const strategy = { next: (_: unknown, neighbours: readonly string[]) => neighbours.slice(-1) }
    const node = new Solo({ strategy }).neighbours('a', 'b', 'c').frame('a', query(1))
    expect(node.sentTo).toEqual(['c'])
  })

  it('cannot send a query back, twice, to itself or to a stranger', () => {
    const strategy = { next: () => ['a', 'b', 'b', 'me', 'stranger'] }
    const node = new Solo({ strategy }).neighbours('a', 'b', 'c').frame('a', query(1))
    expect(node.sentTo).toEqual(['b'])
  })
})
