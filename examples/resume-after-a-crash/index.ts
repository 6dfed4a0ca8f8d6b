// Shows: a fetch whose process is killed, and that goes on where it was when it is started again.
// Run:   npx -c 'node --conditions=@peerage/source examples/resume-after-a-crash/index.ts'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { formatMagnet, swarm } from '@peerage/swarm'
import { createTorrentFromPath, fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'

const start = () =>
  createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { swarm: swarm() }
  })

/** The same in both runs: the journal is what makes the second go on where the first was. */
async function fetchInto(folder: string, link: string) {
  const node = await start()
  let hashed = 0
  const transfer = await node.services.swarm.add(link, {
    storage: (torrent) =>
      fileStorage(torrent, join(folder, 'files'), {
        journal: join(folder, 'journal'),
        onCheck: () => hashed++
      })
  })
  transfer.addEventListener('metadata:receive', () => {
    const { pieces, pieceCount } = transfer.progress
    console.log(`${pieces} of ${pieceCount} pieces are here; ${hashed} were hashed to know it`)
  })
  transfer.addEventListener('piece:verify', ({ detail }) => {
    if (process.argv.length > 2) console.log(`piece ${detail.piece}`)
  })
  await transfer.done
  const fetched = transfer.sourcesOf().reduce((sum, { pieces }) => sum + pieces, 0)
  await node.stop()
  return fetched
}

/** A process of its own, killed without warning after so many pieces. @returns how many it told of */
async function fetchAndDie(folder: string, link: string, pieces: number) {
  const args = ['--conditions=@peerage/source', import.meta.filename, folder, link]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('piece')) console.log(`first process: ${line}`)
    else if (++told === pieces) child.kill('SIGKILL')
  }
  return told
}

const [, , given = '', magnet] = process.argv
if (magnet != null) await fetchInto(given, magnet)
else {
  const home = await mkdtemp(join(tmpdir(), 'peerage-example-'))
  const giver = await start()
  const original = join(home, 'film.mkv')
  await writeFile(
    original,
    new Uint8Array(5_000_000).map((_, at) => at % 251)
  )
  const { torrent, folder } = await createTorrentFromPath(original)
  const rateLimits = { up: 1_000_000 }
  await giver.services.swarm.seed(torrent, fileStorage(torrent, folder), { rateLimits })
  const link = formatMagnet({ ...torrent, peers: giver.getMultiaddrs().map(String) })

  const told = await fetchAndDie(home, link, 240)
  console.log('first process: killed')
  const fetched = await fetchInto(home, link)
  console.log(`the second process fetched no piece again: ${told + fetched <= torrent.pieceCount}`)
  const copy = await readFile(join(home, 'files', 'film.mkv'))
  console.log(`the same bytes: ${copy.equals(await readFile(original))}`)
  await giver.stop()
  await rm(home, { recursive: true })
}
