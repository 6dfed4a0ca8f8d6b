import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { firstProgram } from './first-program.ts'
import { runProgram, transcript } from './programs.ts'

const packages = readdirSync('packages').toSorted()

describe('the program in', () => {
  it.each(['README.md', ...packages.map((name) => `packages/${name}/README.md`)])(
    '%s runs',
    async (file) => {
      const readme = firstProgram(readFileSync(file, 'utf8'))
      if (readme == null) throw new Error('it shows no program: give it a ```ts block')

      // on standard input, in a folder of its own: imports resolve as for the package's users,
      // and what the program writes goes away with the folder
      const cwd = mkdtempSync(join(dirname(file), '.readme-'))
      onTestFinished(() => rmSync(cwd, { recursive: true }))
      const flags = ['--conditions=@peerage/source', '--input-type=module-typescript']
      const stdin = readme.program
      const ran = await runProgram(process.execPath, flags, { cwd, stdin, timeout: 29_000 })

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
