import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { firstProgram } from './first-program.ts'
import { runProgram, transcript } from './programs.ts'

/** An empty app: the packed modules as npm would unpack them, and what they depend on. */
async function appWith(modules: readonly string[]): Promise<string> {
  const app = await mkdtemp(join(tmpdir(), 'peerage-app-'))
  onTestFinished(() => rm(app, { recursive: true }))
  const installed = join(app, 'node_modules')
  await mkdir(join(installed, '@peerage'), { recursive: true })
  for (const name of await readdir('node_modules')) {
    if (name.startsWith('.') || name === '@peerage') continue
    await symlink(resolve('node_modules', name), join(installed, name))
  }
  for (const name of modules) {
    const flags = ['--ignore-scripts', '--loglevel=error', `--pack-destination=${app}`]
    const packed = execFileSync('npm', ['pack', `--workspace=@peerage/${name}`, ...flags])
    const folder = join(installed, '@peerage', name)
    await mkdir(folder)
    const tarball = packed.toString().trim().split('\n').at(-1)!
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { cwd: app })
  }
  return app
}

it('packed and installed into an empty app, @peerage/swarm runs its README on a node of its own', async () => {
  const readme = firstProgram(await readFile('packages/swarm/README.md', 'utf8'))!
  const cwd = await appWith(['wire', 'swarm'])
  const flags = ['--input-type=module-typescript']
  const stdin = readme.program
  const ran = await runProgram(process.execPath, flags, { cwd, stdin, timeout: 29_000 })
  expect(ran, ran.output).toHaveProperty('code', 0)
  expect(ran.output).toMatch(transcript(readme.shown!))
})
