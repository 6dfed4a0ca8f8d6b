// Shows: a town of six processes in which a search finds a file over several hops, and three give it.
// Run:   npm start -- --once
//
// `npm start` stays up, to be joined from another terminal; `--share <folder>` shares your own files.
import { parseArgs } from 'node:util'
import { fetchAndVerify } from './fetch-and-verify.ts'
import type { Resident } from './resident.ts'
import { ownFiles, writeSamples } from './samples.ts'
import { tellSearch } from './tell.ts'
import { Town } from './town.ts'

/** Who joins by whom, and how many neighbours each has room for: no search gets far in one hop. */
const streets = [
  { name: 'gate', room: 8 },
  { name: 'harbour', by: 'gate', room: 2 },
  { name: 'market', by: 'gate', room: 2 },
  { name: 'mill', by: 'harbour', room: 2 },
  { name: 'tower', by: 'market', room: 1 },
  { name: 'school', by: 'mill', room: 1 }
]

const options = { once: { type: 'boolean' }, share: { type: 'string' } } as const
const { once, share } = parseArgs({ options }).values
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
const town = await Town.open(interrupted.signal)

try {
  const stock = await (share === undefined ? writeSamples(town.home) : ownFiles(share))
  console.log('Six processes on this machine, each running "peerage share":')
  const moved = new Map<string, Promise<Resident>>()
  for (const { name, by = '', room } of streets) {
    const moving = Promise.resolve(moved.get(by)).then((joins) =>
      town.share(name, stock.folders[name]!, joins, room)
    )
    moved.set(name, moving)
  }
  const sharers = await Promise.all(moved.values())
  for (const [at, { name, by }] of streets.entries()) {
    const files = sharers[at]!.last('sharing')?.['files']
    const what = files === 1 ? '1 file' : `${files} files`
    console.log(`  ${name} shares ${what}${by === undefined ? '' : `, next to ${by}`}`)
  }

  const gate = sharers[0]!
  console.log(`\nA visitor joins by gate and searches for "${stock.words}":`)
  const search = ['search', stock.words, '--timeout', '2']
  tellSearch(town, await town.run('visitor', search, gate))
  const verified = await fetchAndVerify(town, gate, stock)
  process.exitCode = verified ? 0 : 1

  if (once !== true) {
    const join = `--no-mdns --join ${gate.address}`
    console.log('\nThe town stays up. In another terminal, in this folder:')
    console.log(`  npx peerage search ${stock.words} ${join}`)
    console.log(`  npx peerage get 1 ${join}`)
    console.log('Ctrl-C ends it.')
    const { signal } = interrupted
    await new Promise((resolve) => signal.aborted || signal.addEventListener('abort', resolve))
  }
} catch (error) {
  process.exitCode = interrupted.signal.aborted ? 130 : 1
  if (!interrupted.signal.aborted) console.error((error as Error).message)
} finally {
  await town.close()
}
