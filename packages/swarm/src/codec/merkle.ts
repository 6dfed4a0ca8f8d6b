/**
 * BEP 52's hash trees. A file is cut into blocks of 16 KiB; their hashes are the leaves of a binary
 * tree, filled up with zeros to a power of two. A layer is given as its hashes one after another,
 * without those that cover nothing but the filling. Which hash it is, the caller says.
 */

/** SHA-256, in meta version 2. */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** bytes under one leaf */
export const blockLength = 16 * 1024
/** bytes of one hash */
export const hashLength = 32

/** Where in a tree a layer lies. */
export interface LayerShape {
  /** layers between it and the leaves @default 0, the leaves themselves */
  readonly height?: number
  /** hashes of the whole layer with its filling, a power of two @default the smallest that holds it */
  readonly width?: number
}

/** The smallest power of two that is no less than `count`. */
export function widthOf(count: number): number {
  let width = 1
  while (width < count) width *= 2
  return width
}

/** The hash over a subtree of this height that is all filling. */
export function fillingAt(height: number, hash: Hash): Uint8Array {
  let filling: Uint8Array = new Uint8Array(hashLength)
  for (let at = 0; at < height; at++) filling = pair(filling, filling, hash)
  return filling
}

/** The root of the tree above a layer; of an empty layer, the filling's. */
export function rootOf(layer: Uint8Array, hash: Hash, shape: LayerShape = {}): Uint8Array {
  let root = layer
  for (const { nodes, filling } of layersFrom(layer, hash, shape)) {
    root = nodes.length === 0 ? filling : nodes
  }
  return root
}

/** The layer `levels` above this one. */
export function layerAbove(
  layer: Uint8Array,
  levels: number,
  hash: Hash,
  shape: LayerShape = {}
): Uint8Array {
  let above = layer
  let level = 0
  for (const { nodes } of layersFrom(layer, hash, shape)) {
    above = nodes
    if (level++ === levels) break
  }
  return above
}

/**
 * What proves that `count` hashes of a layer, from `index` on, are of this tree: the hash beside
 * theirs in every layer above, nearest first (message 22 of BEP 52). Layers that the range itself
 * fills give none.
 *
 * @param index a multiple of `count`
 * @param count a power of two
 */
export function unclesOf(
  layer: Uint8Array,
  index: number,
  count: number,
  hash: Hash,
  shape: LayerShape = {}
): Uint8Array[] {
  const uncles: Uint8Array[] = []
  let span = 1
  for (const above of layersFrom(layer, hash, shape)) {
    if (span >= count && above.width > 1) uncles.push(nodeAt(above, (index / span) ^ 1))
    span *= 2
  }
  return uncles
}

/**
 * The root that a range of hashes and its uncles make: it is the file's, or they are none of it.
 *
 * @param range all the hashes, the filling among them spelt out; their number is a power of two
 * @param index of the first, a multiple of their number
 */
export function rootFrom(
  range: Uint8Array,
  index: number,
  uncles: readonly Uint8Array[],
  hash: Hash
): Uint8Array {
  let node = rootOf(range, hash)
  let at = index / (range.length / hashLength)
  for (const uncle of uncles) {
    node = at % 2 === 0 ? pair(node, uncle, hash) : pair(uncle, node, hash)
    at = Math.floor(at / 2)
  }
  return node
}

/** A layer as it is kept. */
export interface Layer {
  /** its hashes, one after another, but for the filling */
  readonly nodes: Uint8Array
  /** the hash in every place that has no node */
  readonly filling: Uint8Array
  /** places, a power of two */
  readonly width: number
}

/** A layer and all above it, up to the root. */
export function* layersFrom(
  layer: Uint8Array,
  hash: Hash,
  shape: LayerShape = {}
): Generator<Layer> {
  let nodes = layer
  let { height = 0, width = widthOf(layer.length / hashLength) } = shape
  let filling = fillingAt(height, hash)
  for (; ; width /= 2) {
    yield { nodes, filling, width }
    if (width === 1) return
    nodes = pairUp(nodes, filling, hash)
    filling = pair(filling, filling, hash)
  }
}

function pairUp(nodes: Uint8Array, filling: Uint8Array, hash: Hash): Uint8Array {
  const count = Math.ceil(nodes.length / hashLength / 2)
  const above = new Uint8Array(count * hashLength)
  for (let at = 0; at < count; at++) {
    const both = nodes.subarray(2 * at * hashLength, 2 * (at + 1) * hashLength)
    const whole = both.length === 2 * hashLength
    above.set(whole ? hash(both) : pair(both, filling, hash), at * hashLength)
  }
  return above
}

/** The hash in one place of a layer. */
export function nodeAt({ nodes, filling }: Layer, index: number): Uint8Array {
  const from = index * hashLength
  return from < nodes.length ? nodes.subarray(from, from + hashLength) : filling
}

function pair(left: Uint8Array, right: Uint8Array, hash: Hash): Uint8Array {
  const both = new Uint8Array(2 * hashLength)
  both.set(left)
  both.set(right, hashLength)
  return hash(both)
}
