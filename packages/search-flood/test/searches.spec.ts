import { describe, expect, it } from 'vitest'
import type { HitsFrame, QueryFrame } from '../src/codec/frame.ts'
import type { FloodNews, FloodResult } from '../src/core/vocabulary.ts'
import { limits, offences } from '../src/limits.ts'
import { Solo, song } from './solo.ts'

const envelope = new Uint8Array(9)

function verified(responder: string, ...ids: string[]): FloodResult {
  const items = ids.map((id) => ({ ...song, id }))
  return { type: 'verified', responder, items, addresses: [] }
}

/** The query the last step sent to `peer`. */
function queryTo(node: Solo, peer: string): QueryFrame {
  return node.sent.find(([to, frame]) => to === peer && frame.type === 'query')![1] as QueryFrame
}

function hitsFor({ id }: QueryFrame, hops = 0): HitsFrame {
  return { type: 'hits', queryId: id, hops, envelope }
}

function endOf(news: FloodNews[]): unknown {
  return news.find(({ type }) => type === 'end')
}

/** A node with neighbours a and b that searches. */
function searching(change: Parameters<Solo['search']>[1] = {}): { node: Solo; sent: QueryFrame } {
  const node = new Solo().neighbours('a', 'b').search('blue train', change)
  return { node, sent: queryTo(node, 'a') }
}

describe('a search', () => {
  it('goes to every neighbour under one fresh id', () => {
    const { node } = searching({ ttl: 3 })
    const expected = { type: 'query', ttl: 3, hops: 0, query: { words: 'blue train', limit: 50 } }
    expect(node.sent).toMatchObject([
      ['a', expected],
      ['b', expected]
    ])
    expect(queryTo(node, 'a').id).toEqual(queryTo(node, 'b').id)
    expect(queryTo(node, 'a').id).not.toEqual(queryTo(node.search(), 'a').id)
  })

  it('without a neighbour ends at once', () => {
    expect(new Solo().search().news).toEqual([
      {
        type: 'end',
        run: 1,
        end: { reason: 'no neighbours', sent: 0, hits: 0, responders: 0, rejected: 0 }
      }
    ])
  })

  it('tells of a hit once its signature is checked', () => {
    const { node, sent } = searching()
    node.frame('b', hitsFor(sent, 3))
    expect(node.work).toEqual([{ type: 'verify', queryId: sent.id, envelope }])
    expect(node.news).toEqual([])
    expect(node.done(verified('far', 'x')).news).toEqual([
      {
        type: 'hit',
        run: 1,
        hit: { item: { ...song, id: 'x' }, responder: 'far', addresses: [], hops: 4, via: 'b' }
      }
    ])
  })

  it('tells of an item of one peer once, and of the same item of another peer too', () => {
    const { node, sent } = searching()
    node.frame('a', hitsFor(sent)).done(verified('far', 'x', 'x', 'y'))
    expect(node.news).toHaveLength(2)
    node.frame('b', hitsFor(sent)).done(verified('far', 'x', 'z'))
    expect(node.news).toHaveLength(1)
    node.frame('b', hitsFor(sent)).done(verified('farther', 'x'))
    expect(node.news).toHaveLength(1)
  })

  it('takes 50 items of one peer, in however many batches they come', () => {
    const { node, sent } = searching()
    const ids = (from: number): string[] => Array.from({ length: 30 }, (_, i) => `${from + i}`)
    node.frame('a', hitsFor(sent)).done(verified('far', ...ids(0)))
    expect(node.news).toHaveLength(30)
    node.frame('a', hitsFor(sent)).done(verified('far', ...ids(30)))
    expect(node.news).toHaveLength(20)
  })

  it('takes no hit in its own name', () => {
    const { node, sent } = searching()
    expect(node.frame('a', hitsFor(sent)).done(verified('me', 'x')).news).toEqual([])
  })

  it('refuses a hit that does not verify, scores who brought it and counts it', () => {
    const { node, sent } = searching()
    node.frame('a', hitsFor(sent)).done({ type: 'failed', reason: 'forged' })
    expect(node.scored).toEqual([['a', 'forged']])
    const weight = (): unknown => node.effects.find(({ type }) => type === 'score')
    expect(weight()).toMatchObject({ offence: offences.forgery })
    node.frame('a', hitsFor(sent, 1)).done({ type: 'failed', reason: 'forged' })
    expect(weight()).toMatchObject({ offence: offences.relayedForgery })
    node.ask({ type: 'cancel', run: 1 })
    expect(endOf(node.news)).toMatchObject({ end: { reason: 'cancelled', rejected: 2, hits: 0 } })
  })

  it('ends when it has as many hits as it wants', () => {
    const { node, sent } = searching({ limit: 2 })
    node.frame('a', hitsFor(sent)).done(verified('far', 'x', 'y', 'z'))
    expect(node.news.map(({ type }) => type)).toEqual(['hit', 'hit', 'end'])
    const end = { reason: 'limit', sent: 2, hits: 2, responders: 1, rejected: 0 }
    expect(endOf(node.news)).toEqual({ type: 'end', run: 1, end })
    expect(node.frame('b', hitsFor(sent)).effects).toEqual([])
  })

  it('ends when its time is up, and hears nothing more', () => {
    const { node, sent } = searching({ timeout: 500 })
    node.frame('a', hitsFor(sent))
    const { job } = node.effects.find((effect) => effect.type === 'job')!
    expect(node.core.wakeAt).toBe(500)
    expect(endOf(node.sleep().news)).toMatchObject({ end: { reason: 'timeout' } })
    node.give({ type: 'done', job, result: verified('far', 'x') })
    expect(node.effects).toEqual([])
  })

  it('is not answered, nor passed on, when it comes back around a ring', () => {
    const node = new Solo({ match: () => [song] }).neighbours('a', 'b').search()
    const sent = queryTo(node, 'a')
    expect(node.frame('b', { ...sent, ttl: 4, hops: 3 }).effects).toEqual([])
    expect(node.core.counts.duplicates).toBe(1)
  })

  it('waits for its turn after ten others, so that no neighbour takes offence', () => {
    const node = new Solo().neighbours('a')
    for (let i = 0; i < limits.searchBurst; i++) {
      expect(node.search('x', { run: i }).sentTo).toEqual(['a'])
    }
    expect(node.search('x', { run: 10 }).effects).toEqual([])
    node.sleep()
    expect(node.now).toBe(1000 / limits.searchRate)
    expect(node.sentTo).toEqual(['a'])
  })

  it('is refused while 64 others are open', () => {
    const node = new Solo().neighbours('a')
    for (let i = 0; i < limits.searches; i++) expect(endOf(node.search().news)).toBeUndefined()
    expect(endOf(node.search().news)).toMatchObject({ end: { reason: 'too many searches' } })
  })
})
