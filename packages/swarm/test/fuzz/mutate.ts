import type { Random } from '@peerage/wire'

/** Bytes no target needs more of: beyond it inputs are cut. */
const most = 256 * 1024

/** Numbers at which readers go wrong. */
const edges = [
  0,
  1,
  2,
  255,
  256,
  16_384,
  16_385,
  2 ** 20,
  2 ** 20 + 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1
]

/** What the formats here are made of. */
const tokens = [
  'd',
  'l',
  'e',
  'i-0e',
  'i9007199254740993e',
  '0:',
  '4:info',
  '1:m',
  '&xt=',
  '%00',
  '..'
]

type Mutation = (random: Random, bytes: Uint8Array, corpus: readonly Uint8Array[]) => Uint8Array

const mutations: readonly Mutation[] = [
  flipBit,
  setNumber,
  (random, bytes) => replace(random, bytes, new Uint8Array(0)),
  (random, bytes) => replace(random, bytes, slice(random, bytes)),
  (random, bytes, corpus) => replace(random, bytes, slice(random, draw(random, corpus))),
  (random, bytes) => replace(random, bytes, new TextEncoder().encode(draw(random, tokens))),
  (random, bytes) => replace(random, bytes, random.bytes(random.below(9))),
  (random, bytes) => bytes.slice(0, random.below(bytes.byteLength + 1))
]

/** Good bytes, changed in a few places. */
export function mutate(random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = draw(random, corpus).slice()
  for (let changes = random.below(5); changes > 0; changes--) {
    bytes = draw(random, mutations)(random, bytes, corpus).slice(0, most)
  }
  return bytes
}

export function draw<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]!
}

function flipBit(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength > 0) bytes[random.below(bytes.byteLength)]! ^= 1 << random.below(8)
  return bytes
}

/** One, two or four bytes in a row become a number: lengths are among them. */
function setNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const size = draw(random, [1, 2, 4])
  if (bytes.byteLength < size) return bytes
  const at = random.below(bytes.byteLength - size + 1)
  for (let i = 0, edge = draw(random, edges); i < size; i++) {
    bytes[at + i] = edge >>> (8 * (size - 1 - i))
  }
  return bytes
}

/** Puts bytes in place of a stretch, which may be empty. */
function replace(random: Random, bytes: Uint8Array, by: Uint8Array): Uint8Array {
  const from = random.below(bytes.byteLength + 1)
  const to = from + random.below(Math.min(64, bytes.byteLength - from) + 1)
  const result = new Uint8Array(from + by.byteLength + bytes.byteLength - to)
  result.set(bytes.subarray(0, from))
  result.set(by, from)
  result.set(bytes.subarray(to), from + by.byteLength)
  return result
}

function slice(random: Random, bytes: Uint8Array): Uint8Array {
  const from = random.below(bytes.byteLength + 1)
  return bytes.subarray(from, from + random.below(64))
}
