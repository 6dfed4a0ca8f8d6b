import { sha256 } from '@noble/hashes/sha2.js'
import { noise } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeHashes,
  encodeHashSpan,
  hashSpanFault,
  unclesIn,
  type HashSpan
} from '../src/codec/hash-span.ts'
import { HashTree } from '../src/codec/hash-tree.ts'
import { isProven, layerSpans } from '../src/codec/layer-spans.ts'
import { hashLength, layerAbove, rootOf, unclesOf, widthOf } from '../src/codec/merkle.ts'
import { limits } from '../src/limits.ts'
import { kib, noiseTorrent } from './support/torrents.ts'

const pieceLength = 64 * kib
/** layers of blocks below a piece of that length */
const height = 2
const most = limits.hashes.length

const span = (over: Partial<HashSpan> = {}): HashSpan => ({
  root: new Uint8Array(32),
  base: height,
  index: 0,
  length: 2,
  proofs: 0,
  ...over
})

/** A layer of so many pieces, and its file's root and tree. */
function fileOf(pieces: number) {
  const layer = noise(pieces * hashLength, pieces)
  const root = rootOf(layer, sha256, { height })
  return { layer, root, tree: new HashTree(layer, pieceLength, sha256) }
}

describe('a span', () => {
  test.each([
    [{ length: 2 }, true],
    [{ length: 1 }, false],
    [{ length: 0 }, false],
    [{ length: 3 }, false],
    [{ length: most }, true],
    [{ length: 2 * most }, false],
    [{ length: 4, index: 8 }, true],
    [{ length: 4, index: 6 }, false]
  ])('%o keeps the rules of BEP 52: %s', (over, good) => {
    expect(hashSpanFault(span(over)) === undefined).toBe(good)
  })

  test('has uncles above the layers that it makes itself', () => {
    expect(unclesIn(span({ length: 2, proofs: 3 }))).toBe(3)
    expect(unclesIn(span({ length: 512, proofs: 9 }))).toBe(1)
    expect(unclesIn(span({ length: 512, proofs: 8 }))).toBe(0)
    expect(unclesIn(span({ length: 512, proofs: 0 }))).toBe(0)
  })

  test('comes with as many hashes as it says, or it is no message', () => {
    const told = span({ length: 4, proofs: 3 })
    const message = (hashes: number, of = told) =>
      decodeHashes(new Uint8Array([...encodeHashSpan(of), ...new Uint8Array(hashes * hashLength)]))
    expect(message(6)).toEqual({ type: 'hashes', ...told, hashes: new Uint8Array(6 * hashLength) })
    expect(message(5)).toBeInstanceOf(Error)
    expect(message(7)).toBeInstanceOf(Error)
    expect(message(3, span({ length: 3 }))).toBeInstanceOf(Error)
    expect(message(6, span({ proofs: 2 ** 32 - 1 }))).toBeInstanceOf(Error)
  })
})

describe('a tree', () => {
  test('proves every span that layers are asked for in, and no other hashes', () => {
    const pieces = fc.oneof(fc.integer({ min: 2, max: 70 }), fc.integer({ min: 500, max: 1_600 }))
    fc.assert(
      fc.property(pieces, fc.nat(), (count, spoilt) => {
        const { layer, root, tree } = fileOf(count)
        const file = { path: ['a'], length: count * pieceLength, offset: 0, pad: false }
        const torrent = { files: [{ ...file, piecesRoot: root }], pieceLength }
        const parts: Uint8Array[] = []
        for (const asked of layerSpans(torrent)) {
          expect(hashSpanFault(asked)).toBeUndefined()
          const hashes = tree.read(asked)!
          expect(isProven(asked, hashes, sha256)).toBe(true)
          parts.push(hashes.slice(0, asked.count * hashLength))
          hashes[spoilt % hashes.length]! ^= 1
          expect(isProven(asked, hashes, sha256)).toBe(false)
        }
        expect(new Uint8Array(parts.flatMap((part) => [...part]))).toEqual(layer)
      }),
      { numRuns: 12 }
    )
  })

  test('gives the layers above the pieces, and as much proof as is asked for', () => {
    const { layer, tree } = fileOf(21)
    const above = layerAbove(layer, 1, sha256, { height })
    const asked = span({ base: height + 1, index: 8, length: 4, proofs: 2 })
    const [uncle] = unclesOf(layer, 16, 8, sha256, { height })
    const filled = new Uint8Array(4 * hashLength)
    filled.set(above.subarray(8 * hashLength))
    const hashes = tree.read(asked)!
    expect(hashes.subarray(0, 3 * hashLength)).toEqual(above.slice(8 * hashLength))
    expect(hashes.slice(4 * hashLength)).toEqual(uncle)
    expect(tree.read({ ...asked, proofs: 1 })).toEqual(hashes.slice(0, 4 * hashLength))
  })

  test('gives nothing outside it: past the end, below the pieces, beside the root', () => {
    const { tree } = fileOf(21)
    expect(tree.read(span({ index: 30 }))).toHaveLength(2 * hashLength)
    expect(tree.read(span({ index: 32 }))).toBeUndefined()
    expect(tree.read(span({ length: 64 }))).toBeUndefined()
    expect(tree.read(span({ base: height - 1 }))).toBeUndefined()
    expect(tree.read(span({ base: height + 4 }))).toHaveLength(2 * hashLength)
    expect(tree.read(span({ base: height + 5 }))).toBeUndefined()
    expect(tree.read(span({ base: height + 30 }))).toBeUndefined()
    expect(tree.read(span({ proofs: 4 }))).toHaveLength(6 * hashLength)
    expect(tree.read(span({ proofs: 5 }))).toBeUndefined()
  })
})

test('layers are asked for by file, 512 hashes at a time, and once for files that are alike', async () => {
  const long = (most + 3) * 16 * kib
  const { torrent } = await noiseTorrent({ a: long, b: 16 * kib, c: 5 * 16 * kib }, 16 * kib, 2)
  const [a, b, c] = torrent.files
  const twin = { ...torrent, files: [a!, b!, c!, { ...a!, path: ['twin'] }] }
  expect([...layerSpans(twin)]).toMatchObject([
    { root: a!.piecesRoot, base: 0, index: 0, length: 512, proofs: 9, count: 512 },
    { root: a!.piecesRoot, base: 0, index: 512, length: 4, proofs: 9, count: 3 },
    { root: c!.piecesRoot, base: 0, index: 0, length: 8, proofs: 2, count: 5 }
  ])
  expect(widthOf(most + 3)).toBe(1024)
})
