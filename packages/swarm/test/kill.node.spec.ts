import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { secureRandom } from '@peerage/wire'
import { expect, test } from 'vitest'
import { limits } from '../src/limits.ts'
import { freshFolder } from './support/folder.ts'
import { noise } from '@peerage/testbed'

const fetcher = fileURLToPath(new URL('support/fetcher.ts', import.meta.url))

/** Runs the fetcher and kills it without warning after so many lines. */
async function fetchUntil(folder: string, lines: number) {
  const child = spawn(
    process.execPath,
    ['--conditions=@peerage/source', fetcher, folder, join(folder, 'journal')],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  const seen = { hashed: 0, added: [] as number[], complete: false }
  let count = 0
  for await (const line of createInterface(child.stdout)) {
    const [word, number] = line.split(' ')
    if (word === 'opened') seen.hashed = Number(number)
    if (word === 'added') seen.added.push(Number(number))
    if (word === 'complete') seen.complete = true
    if (++count === lines) child.kill('SIGKILL')
  }
  return seen
}

test('a fetch killed again and again loses nothing that was journaled, and hashes little', async () => {
  const folder = await freshFolder()
  const fetched = new Set<number>()
  const kills: number[] = []
  for (let complete = false; !complete;) {
    // five kills at any line, then the rest
    const lines = kills.length < 5 ? 2 + secureRandom.below(39) : Infinity
    const seen = await fetchUntil(folder, lines)
    // a piece that an earlier run had noted is never fetched again
    const again = seen.added.filter((piece) => fetched.has(piece))
    expect(again, `killed after ${kills.join(', ')} lines`).toEqual([])
    expect(seen.hashed).toBeLessThanOrEqual(limits.storage.spotPieces + 40)
    for (const piece of seen.added) fetched.add(piece)
    complete = seen.complete
    if (!complete) kills.push(lines)
  }
  expect(kills.length).toBeGreaterThanOrEqual(5)
  const whole = noise(4_200_001)
  const files = [
    await readFile(join(folder, 'sample', 'a.bin')),
    await readFile(join(folder, 'sample', 'b', 'c.bin'))
  ]
  expect(Buffer.concat(files).equals(whole)).toBe(true)
})
