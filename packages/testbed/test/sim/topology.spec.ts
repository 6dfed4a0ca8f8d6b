import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/sim/seeded-random.ts'
import { line, randomGraph, regular, ring, star, type Edge } from '../../src/sim/topology.ts'

function degrees(n: number, edges: Edge[]): number[] {
  const counts = Array.from({ length: n }, () => 0)
  for (const node of edges.flat()) counts[node]!++
  return counts
}

function reachedFrom0(edges: Edge[]): number {
  const reached = new Set([0])
  for (let before = 0; before < reached.size;) {
    before = reached.size
    for (const [a, b] of edges) {
      if (reached.has(a)) reached.add(b)
      if (reached.has(b)) reached.add(a)
    }
  }
  return reached.size
}

function isSimple(edges: Edge[]): boolean {
  const ids = edges.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`)
  return edges.every(([a, b]) => a !== b) && new Set(ids).size === edges.length
}

test('a regular graph gives everybody its degree and is in one piece', () => {
  const sizes = fc
    .tuple(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 2, max: 39 }), fc.nat())
    .filter(([n, degree]) => degree < n && (n * degree) % 2 === 0)
  fc.assert(
    fc.property(sizes, ([n, degree, seed]) => {
      const edges = regular(n, degree, seededRandom(seed))
      expect(degrees(n, edges)).toEqual(Array.from({ length: n }, () => degree))
      expect(isSimple(edges)).toBe(true)
      expect(reachedFrom0(edges)).toBe(n)
    })
  )
})

test('a regular graph is small across: 1,000 nodes of degree 6 are within 7 hops of each other', () => {
  const edges = regular(1000, 6, seededRandom(3))
  let reached = new Set([0])
  for (let hop = 0; hop < 7; hop++) {
    const next = new Set(reached)
    for (const [a, b] of edges) {
      if (reached.has(a)) next.add(b)
      if (reached.has(b)) next.add(a)
    }
    reached = next
  }
  expect(reached.size).toBe(1000)
})

test('a graph that cannot be is refused', () => {
  for (const [n, degree] of [
    [5, 3],
    [4, 4],
    [4, 1]
  ] as const) {
    expect(() => regular(n, degree, seededRandom(1))).toThrow(RangeError)
  }
})

test('a random graph has the edges asked for and is in one piece', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 2, max: 10 }),
      fc.nat(),
      (n, degree, seed) => {
        const edges = randomGraph(n, degree, seededRandom(seed))
        const possible = (n * (n - 1)) / 2
        expect(edges.length).toBe(Math.max(n - 1, Math.min(Math.round((n * degree) / 2), possible)))
        expect(isSimple(edges)).toBe(true)
        expect(reachedFrom0(edges)).toBe(n)
      }
    )
  )
})

test('line, ring and star', () => {
  expect(line(3)).toEqual([
    [0, 1],
    [1, 2]
  ])
  expect(ring(3)).toEqual([
    [0, 1],
    [1, 2],
    [2, 0]
  ])
  expect(ring(2)).toEqual([[0, 1]])
  expect(star(3)).toEqual([
    [0, 1],
    [0, 2]
  ])
  expect([line(0), ring(1), star(1)]).toEqual([[], [], []])
})
