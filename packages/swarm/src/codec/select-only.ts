import { limits } from '../limits.ts'

/** First and last of a range of file numbers. */
export type FileRange = readonly [number, number]

/**
 * The files a magnet means (`so=0,2,4,6-8`, BEP 53). Kept as ranges, for `0-4294967295` is short to
 * write. A list that is broken anywhere means nothing: half of it would fetch what nobody chose.
 */
export function readSelect(text: string): FileRange[] {
  const parts = text.split(',')
  if (parts.length > limits.magnet.ranges) return []
  const ranges: FileRange[] = []
  for (const part of parts) {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    if (first === undefined || Number(last) < Number(first)) return []
    ranges.push([Number(first), Number(last)])
  }
  return merged(ranges)
}

/** The ranges as a magnet has them. */
export function formatSelect(ranges: readonly FileRange[]): string {
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

function merged(ranges: readonly FileRange[]): FileRange[] {
  const apart: [number, number][] = []
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const before = apart.at(-1)
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to)
    else apart.push([from, to])
  }
  return apart
}
