import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fillingAt,
  hashLength,
  layerAbove,
  rootFrom,
  rootOf,
  unclesOf,
  widthOf
} from '../src/codec/merkle.ts'
import { noise } from '@peerage/testbed'

const leaves = (count: number) => noise(count * hashLength, count)
const leaf = (layer: Uint8Array, at: number) => layer.slice(at * hashLength, (at + 1) * hashLength)
const pair = (a: Uint8Array, b: Uint8Array) => sha256(new Uint8Array([...a, ...b]))

/** The definition, word for word: filled up with zeros, then halved. */
function plainRoot(layer: Uint8Array, width: number): Uint8Array {
  const full = new Uint8Array(width * hashLength)
  full.set(layer)
  if (width === 1) return full
  const half = full.length / 2
  return pair(
    plainRoot(full.subarray(0, half), width / 2),
    plainRoot(full.subarray(half), width / 2)
  )
}

describe('a root', () => {
  test('of one leaf is the leaf', () => {
    expect(rootOf(leaves(1), sha256)).toEqual(leaves(1))
  })

  test('of three leaves has a zero for the fourth', () => {
    const layer = leaves(3)
    const right = pair(leaf(layer, 2), new Uint8Array(32))
    expect(rootOf(layer, sha256)).toEqual(pair(pair(leaf(layer, 0), leaf(layer, 1)), right))
  })

  test('of any number of leaves, in any width, is what the definition says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 0, max: 3 }),
        (count, more) => {
          const width = widthOf(count) * 2 ** more
          expect(rootOf(leaves(count), sha256, { width })).toEqual(plainRoot(leaves(count), width))
        }
      ),
      { numRuns: 60 }
    )
  })

  test('is the same from any layer of its tree', () => {
    const layer = leaves(21)
    const root = rootOf(layer, sha256)
    for (const height of [1, 2, 3, 4, 5]) {
      const above = layerAbove(layer, height, sha256)
      expect(above).toHaveLength(Math.ceil(21 / 2 ** height) * hashLength)
      expect(rootOf(above, sha256, { height })).toEqual(root)
    }
  })

  test('over nothing but filling is the filling', () => {
    expect(rootOf(new Uint8Array(), sha256, { width: 4 })).toEqual(fillingAt(2, sha256))
    expect(fillingAt(1, sha256)).toEqual(sha256(new Uint8Array(64)))
  })
})

describe('uncles', () => {
  test('prove every range of a layer, and nothing else', () => {
    const range = fc
      .record({ count: fc.integer({ min: 2, max: 40 }), log: fc.nat(5), at: fc.nat(100) })
      .map(({ count, log, at }) => ({ count, span: Math.min(2 ** log, widthOf(count)), at }))
    fc.assert(
      fc.property(range, fc.nat(31), ({ count, span, at }, spoilt) => {
        const index = (at % (widthOf(count) / span)) * span
        const full = new Uint8Array(widthOf(count) * hashLength)
        full.set(leaves(count))
        const hashes = full.slice(index * hashLength, (index + span) * hashLength)
        const uncles = unclesOf(leaves(count), index, span, sha256)
        expect(uncles).toHaveLength(Math.log2(widthOf(count) / span))
        const root = rootOf(leaves(count), sha256)
        expect(rootFrom(hashes, index, uncles, sha256)).toEqual(root)
        hashes[spoilt]! ^= 1
        expect(rootFrom(hashes, index, uncles, sha256)).not.toEqual(root)
      }),
      { numRuns: 100 }
    )
  })

  test('of a layer of pieces begin at that layer', () => {
    const layer = leaves(5)
    const height = 3
    const uncles = unclesOf(layer, 4, 2, sha256, { height })
    const hashes = new Uint8Array([...leaf(layer, 4), ...fillingAt(height, sha256)])
    expect(rootFrom(hashes, 4, uncles, sha256)).toEqual(rootOf(layer, sha256, { height }))
  })
})
