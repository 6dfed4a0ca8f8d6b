import { globSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram, transcript } from '../scripts/programs.ts'

const root = resolve(import.meta.dirname, '..')
const files = globSync('*/index.ts', { cwd: import.meta.dirname }).toSorted()

/** `// Shows: …` and `// Run: …` open every example; see CONTRIBUTING.md. */
function header(source: string): { shows?: string; run?: string } {
  const [first = '', second = ''] = source.split('\n')
  return {
    shows: /^\/\/ Shows: (.+)$/.exec(first)?.[1],
    run: /^\/\/ Run: {3}(.+)$/.exec(second)?.[1]
  }
}

describe('an example', () => {
  it('exists', () => {
    expect(files).not.toEqual([])
  })

  it.each(files)('%s does what its header says', { timeout: 120_000 }, async (file) => {
    const path = join(import.meta.dirname, file)
    const source = readFileSync(path, 'utf8')
    const { shows, run } = header(source)
    expect(shows, 'the first line is `// Shows: <one sentence>`').toBeDefined()
    if (run == null) throw new Error('the second line is `// Run:   <command>`')
    expect(source.split('\n').length, 'lines; an example stays under 80').toBeLessThan(81)

    const ran = await runProgram(run, [], { cwd: root, shell: true, timeout: 110_000 })
    expect(ran, ran.output).toHaveProperty('code', 0)
    const expected = join(dirname(path), 'expected.txt')
    expect(existsSync(expected), 'expected.txt beside it shows what it prints').toBe(true)
    expect(ran.output).toMatch(transcript(readFileSync(expected, 'utf8')))
  })
})
