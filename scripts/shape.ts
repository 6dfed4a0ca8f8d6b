/**
 * One line per package that npm would ship: does the packed tarball resolve, for code (publint) and
 * for types (attw), and does it hold only what a user needs? Run after `npm run build`.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const run = promisify(execFile)

/** What `npm pack --json` says about one package. */
interface Packed {
  name: string
  size: number
  filename: string
  files: { path: string }[]
}

/** Packs every publishable workspace at once: starting npm costs more than packing. */
async function pack(folder: string): Promise<Packed[]> {
  const flags = ['--json', '--ignore-scripts', '--loglevel=error', `--pack-destination=${folder}`]
  const { stdout } = await run('npm', ['pack', '--workspaces', ...flags], { maxBuffer: 64 << 20 })
  const packed: (Packed & { id: string })[] = JSON.parse(stdout)
  const open = await Promise.all(packed.map(async ({ name }) => !(await isPrivate(name))))
  return packed.filter((_, at) => open[at])
}

async function isPrivate(name: string): Promise<boolean> {
  return JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8')).private === true
}

async function codeProblems(tarball: string): Promise<string[]> {
  const bytes = await readFile(tarball)
  const { messages, pkg } = await publint({
    level: 'warning',
    pack: { tarball: new Uint8Array(bytes).buffer }
  })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

async function typeProblems(tarball: string): Promise<string[]> {
  const flags = ['--profile=esm-only', '--format=ascii', '--no-emoji', '--no-color', '--no-summary']
  try {
    await run('attw', [tarball, ...flags])
    return []
  } catch (error) {
    const { stdout = '', message } = error as { stdout?: string; message: string }
    const lines = stdout
      .split('\n')
      .filter((line) => line.includes(': ') && !line.includes('(ignor'))
    return lines.length > 0 ? lines.map((line) => `types, ${line}`) : [message]
  }
}

function strayFiles({ files }: Packed): string[] {
  const wanted = /^(dist|src|bin)\/(?!.*\.tsbuildinfo$)|^(package\.json|README\.md|PROTOCOL\.md)$/
  const stray = files.map((file) => file.path).filter((path) => !wanted.test(path))
  return stray.map((path) => `${path} is packed, and nobody needs it: see "files" in package.json`)
}

const folder = await mkdtemp(join(tmpdir(), 'peerage-shape-'))
try {
  for (const packed of await pack(folder)) {
    const tarball = join(folder, packed.filename)
    const [code, types] = await Promise.all([codeProblems(tarball), typeProblems(tarball)])
    const problems = [...code, ...types, ...strayFiles(packed)]
    const size = `${Math.ceil(packed.size / 1024)} kB`
    console.log(`${packed.name}: ${problems.length === 0 ? `good, ${size} packed` : 'not good'}`)
    for (const problem of problems) console.log(`  ${problem}`)
    if (problems.length > 0) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true })
}
