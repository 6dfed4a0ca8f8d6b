import type { Item } from '@peerage/catalog'

const vocabulary = 30_000
const exponent = 0.9

/** Items with names of 5 to 8 words, drawn by Zipf's law from a vocabulary of 30,000. */
export function corpus(random: () => number, size: number): Item[] {
  const word = zipf(random)
  return Array.from({ length: size }, (_, nth) => ({
    id: `item-${nth.toString(16).padStart(8, '0')}`,
    name: names(5 + Math.floor(random() * 4), word),
    size: Math.floor(random() * 2 ** 30),
    type: 'audio',
    attributes: {}
  }))
}

/** A seeded source of numbers in [0, 1), after Tommy Ettinger. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function names(count: number, word: () => string): string {
  const words = new Set<string>()
  while (words.size < count) words.add(word())
  return [...words].join(' ')
}

function zipf(random: () => number): () => string {
  const upTo = new Float64Array(vocabulary)
  let sum = 0
  for (let rank = 0; rank < vocabulary; rank++) upTo[rank] = sum += 1 / (rank + 1) ** exponent
  return () => {
    const drawn = random() * sum
    let low = 0
    let high = vocabulary - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (upTo[middle]! <= drawn) low = middle + 1
      else high = middle
    }
    return `w${low.toString(36)}`
  }
}
