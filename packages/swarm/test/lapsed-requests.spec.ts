import { expect, test } from 'vitest'
import { LapsedRequests } from '../src/core/downloads/lapsed-requests.ts'
import { limits } from '../src/limits.ts'

const request = (askedAt: number) => ({ askedAt })

test('a request that lapsed twice has two late answers, the oldest first, and no third', () => {
  const lapsed = new LapsedRequests<{ askedAt: number }>()
  lapsed.add(1, request(10))
  lapsed.add(1, request(20))
  expect([1, 1, 1].map((key) => lapsed.take(key)?.askedAt)).toEqual([10, 20, undefined])
})

test('as many lapses of one block are remembered as the limit says', () => {
  const lapsed = new LapsedRequests<{ askedAt: number }>()
  for (let at = 0; at <= limits.requests.lapses; at++) lapsed.add(1, request(at))
  for (let at = 1; at <= limits.requests.lapses; at++) expect(lapsed.take(1)?.askedAt).toBe(at)
  expect(lapsed.take(1)).toBeUndefined()
})

test('as many blocks are remembered as two windows hold, those that lapsed last', () => {
  const lapsed = new LapsedRequests<{ askedAt: number }>()
  const most = 2 * limits.requests.ceiling
  for (let key = 0; key <= most; key++) lapsed.add(key, request(key))
  expect(lapsed.take(0)).toBeUndefined()
  expect(lapsed.take(1)).toEqual(request(1))
  expect(lapsed.take(most)).toEqual(request(most))
})
