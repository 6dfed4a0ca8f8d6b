import { expect, test } from 'vitest'
import { Assembly } from '../src/core/downloads/assembly.ts'
import { limits } from '../src/limits.ts'

const size = 1024 * 1024

/** Begins a piece. @returns the buffer it lies in */
function begin(assembly: Assembly, piece: number): ArrayBufferLike {
  assembly.add(piece, 0, Uint8Array.of(piece), 'ann')
  return assembly.get(piece)!.bytes.buffer
}

test('a new piece comes to lie where a stored one lay', () => {
  const assembly = new Assembly(() => size)
  const first = begin(assembly, 1)
  assembly.recycle(1)
  expect(assembly.get(1)).toBeUndefined()
  expect(begin(assembly, 2)).toBe(first)
  expect(assembly.get(2)!.senders).toEqual(['ann'])
})

test('a dropped piece keeps its bytes to itself, for somebody may still compare them', () => {
  const assembly = new Assembly(() => size)
  const first = begin(assembly, 1)
  assembly.drop(1)
  expect(begin(assembly, 2)).not.toBe(first)
})

test('the last, shorter piece gets a buffer of its own length', () => {
  const assembly = new Assembly((piece) => (piece === 9 ? 10 : size))
  begin(assembly, 1)
  assembly.recycle(1)
  expect(begin(assembly, 9).byteLength).toBe(10)
})

test('no more memory is kept than the limit, and that much is', () => {
  const assembly = new Assembly(() => size)
  const most = limits.picker.spareBytes / size
  const before = new Set(Array.from({ length: most + 1 }, (_, piece) => begin(assembly, piece)))
  for (let piece = 0; piece <= most; piece++) assembly.recycle(piece)
  const after = Array.from({ length: most + 1 }, (_, piece) => begin(assembly, piece))
  expect(after.filter((buffer) => before.has(buffer))).toHaveLength(most)
})
