import { readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram, transcript } from './programs.ts'

const packages = readdirSync('packages').toSorted()

/** A README's first program and, if it shows one, the output printed below it. */
function firstProgram(markdown: string): { program: string; shown?: string } | undefined {
  const found = /^```ts\n(?<program>[^]*?)^```$(?<after>[^]*)/m.exec(markdown)?.groups
  if (found == null) return undefined
  const shown = /^(?:\n+[^`\n]+)?\n+```text\n(?<shown>[^]*?)```/.exec(found['after'] ?? '')
  return { program: found['program'] ?? '', shown: shown?.groups?.['shown'] }
}

describe('the program in', () => {
  it.each(['README.md', ...packages.map((name) => `packages/${name}/README.md`)])(
    '%s runs',
    async (file) => {
      const readme = firstProgram(readFileSync(file, 'utf8'))
      if (readme == null)
        throw new Error(`${file} shows no program: give it a first \`\`\`ts block`)

      // on standard input: imports resolve from the package's folder, and no file is left behind
      const flags = ['--conditions=@peerage/source', '--input-type=module-typescript']
      const cwd = resolve(dirname(file))
      const ran = await runProgram(process.execPath, flags, {
        cwd,
        stdin: readme.program,
        timeout: 29_000
      })

      expect(ran, ran.output).toHaveProperty('code', 0)
      if (readme.shown != null) expect(ran.output).toMatch(transcript(readme.shown))
    }
  )
})

describe('a transcript', () => {
  it('matches line by line, with … for what changes from run to run', () => {
    const pattern = transcript('peer …: 3 of 3\n…\ndone (100 %)\n')
    expect('peer 12D3Koo: 3 of 3\ndone (100 %)\n').toMatch(pattern)
    expect('peer 12D3Koo: 3 of 3\nanything\nat all\ndone (100 %)\n').toMatch(pattern)
    expect('peer 12D3Koo: 2 of 3\ndone (100 %)\n').not.toMatch(pattern)
    expect('peer 12D3Koo: 3 of 3\ndone (100 %)\nand more\n').not.toMatch(pattern)
  })
})
