import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Resident } from './resident.ts'
import type { Stock } from './samples.ts'
import { progressTeller } from './tell.ts'
import type { Town } from './town.ts'

/** Fetches the hit, compares it with the original, and tells who gave what. */
export async function fetchAndVerify(town: Town, gate: Resident, stock: Stock): Promise<boolean> {
  console.log('\nIt fetches the first hit from everybody who has it:')
  const out = join(town.home, 'visitor')
  const get = await town.run('visitor', ['get', '1', '--out', out], gate, progressTeller())
  const done = get.last('done')
  const sources = (done?.['sources'] ?? []) as { peer: string; pieces: number }[]
  for (const { peer, pieces } of sources)
    console.log(`  ${town.nameOf(peer)} gave ${pieces} pieces`)

  const [fetched, original] = await Promise.all([
    sha256(String(done?.['path'])),
    sha256(stock.original)
  ])
  console.log(`  SHA-256 here:     ${fetched}`)
  console.log(`  SHA-256 original: ${original}`)
  if (fetched !== original || sources.length < stock.sources) {
    console.log(`not verified: ${sources.length} sources, of at least ${stock.sources}`)
    return false
  }
  const from = sources.length === 1 ? 'one peer' : `${sources.length} peers`
  console.log(`verified: ${basename(stock.original)}, byte for byte, from ${from}`)
  return true
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
