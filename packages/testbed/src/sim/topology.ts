import type { Random } from '@peerage/wire'

/** Two nodes, by number, that are neighbours. */
export type Edge = [number, number]

/** 0 – 1 – 2 – … */
export function line(n: number): Edge[] {
  return Array.from({ length: Math.max(0, n - 1) }, (_, i): Edge => [i, i + 1])
}

/** A line whose ends meet. */
export function ring(n: number): Edge[] {
  return n < 3 ? line(n) : [...line(n), [n - 1, 0]]
}

/** Everybody knows 0 and nobody else. */
export function star(n: number): Edge[] {
  return Array.from({ length: Math.max(0, n - 1) }, (_, i): Edge => [0, i + 1])
}

/**
 * A connected random graph with `degree` neighbours on average: a random tree, then random edges.
 */
export function randomGraph(n: number, degree: number, random: Random): Edge[] {
  const wanted = Math.min(Math.round((n * degree) / 2), (n * (n - 1)) / 2)
  const edges = new EdgeSet(n)
  for (let i = 1; i < n; i++) edges.add(random.below(i), i)
  while (edges.size < wanted) edges.add(random.below(n), random.below(n))
  return edges.list
}

/**
 * A connected random graph in which everybody has exactly `degree` neighbours.
 *
 * Nodes sit on a ring in random order, each beside its nearest; then every edge but the ring's own
 * is swapped with another, which changes no degree. The ring that stays keeps the graph in one
 * piece.
 *
 * @param degree 2 … n − 1, and even when n is odd
 */
export function regular(n: number, degree: number, random: Random): Edge[] {
  if (degree < 2 || degree >= n || (n * degree) % 2 !== 0) {
    throw new RangeError(`no graph of ${n} nodes has ${degree} neighbours each and is in one piece`)
  }
  const seats = shuffled(n, random)
  const edges = new EdgeSet(n)
  for (let step = 1; step <= degree / 2; step++) {
    for (let i = 0; i < n; i++) edges.add(seats[i]!, seats[(i + step) % n]!)
  }
  if (degree % 2 === 1) {
    for (let i = 0; i < n / 2; i++) edges.add(seats[i]!, seats[i + n / 2]!)
  }
  const kept = n
  for (let i = kept; i < edges.size; i++) {
    edges.swap(i, kept + random.below(edges.size - kept), random.below(2) === 1)
  }
  return edges.list
}

function shuffled(n: number, random: Random): number[] {
  const list = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = list[i]!
    list[i] = list[j]!
    list[j] = held
  }
  return list
}

/** Edges without loops and twins. */
class EdgeSet {
  readonly list: Edge[] = []
  readonly #n: number
  readonly #known = new Set<number>()

  constructor(n: number) {
    this.#n = n
  }

  get size(): number {
    return this.list.length
  }

  add(a: number, b: number): void {
    if (!this.#isFree(a, b)) return
    this.#known.add(this.#id(a, b))
    this.list.push([a, b])
  }

  /** a–b and c–d become a–d and c–b, unless that makes a loop or a twin */
  swap(first: number, second: number, turned: boolean): void {
    const [a, b] = this.list[first]!
    const [c, d] = turned ? (this.list[second]!.toReversed() as Edge) : this.list[second]!
    if (first === second || !this.#isFree(a, d) || !this.#isFree(c, b)) return
    this.#replace(first, [a, d])
    this.#replace(second, [c, b])
  }

  #replace(place: number, edge: Edge): void {
    this.#known.delete(this.#id(...this.list[place]!))
    this.#known.add(this.#id(...edge))
    this.list[place] = edge
  }

  #isFree(a: number, b: number): boolean {
    return a !== b && !this.#known.has(this.#id(a, b))
  }

  #id(a: number, b: number): number {
    return Math.min(a, b) * this.#n + Math.max(a, b)
  }
}
