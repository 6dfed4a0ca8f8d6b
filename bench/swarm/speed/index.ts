// Shows: one seed to one or more leechers, each a process of its own, beside other clients in one run.
// Run:   npx -c 'node --conditions=@peerage/source bench/swarm/speed/index.ts --mib 1024 --leechers 1'
//
// WebTorrent joins with --webtorrent <folder>, where `npm install --ignore-scripts webtorrent` was run;
// libtorrent joins when Debian's python3-libtorrent is installed. Loopback only.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  Client,
  hasLibtorrent,
  type Kind,
  libtorrent,
  peerage,
  peerageByDefault,
  webtorrent
} from './client.ts'
import { fill, median, sample, type Sample } from './sample.ts'

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    leechers: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    piece: { type: 'string', default: '262144' },
    folder: { type: 'string', default: tmpdir() },
    webtorrent: { type: 'string' }
  }
})
const mib = Number(values.mib)
const scratch = await mkdtemp(join(values.folder, 'peerage-speed-'))

/**
 * Touches the memory that the files are to lie in: in a virtual machine the first touch of a page
 * may cost ten times what the write does, and would be most of what is measured.
 */
async function touchMemory(): Promise<void> {
  const files = Array.from({ length: Number(values.leechers) }, (_, i) =>
    join(scratch, `touch-${i}`)
  )
  for (const file of files) await fill(file, mib)
  await Promise.all(files.map((file) => rm(file)))
}

/** @returns seconds to the last finisher, and CPU seconds of all processes */
async function run(
  kind: Kind,
  { torrent, folder: seedFolder }: Sample
): Promise<{ seconds: number; cpu: number }> {
  const folders = Array.from({ length: Number(values.leechers) }, (_, i) =>
    join(scratch, `leech-${i}`)
  )
  await Promise.all(folders.map((folder) => mkdir(folder)))
  const seed = new Client(kind, 'seed', torrent, seedFolder)
  const leechers = folders.map((folder) => new Client(kind, 'leech', torrent, folder))
  const all = [seed, ...leechers]
  const addresses = await Promise.all(all.map((client) => client.hear('READY')))
  await touchMemory()
  const before = all.map((client) => client.cpuSeconds())
  const start = performance.now()
  for (const [i, leecher] of leechers.entries()) {
    leecher.say(`GO ${addresses.slice(0, i + 1).join(' ')}`)
  }
  await Promise.all(leechers.map((leecher) => leecher.hear('DONE')))
  const seconds = (performance.now() - start) / 1000
  const cpu = all.reduce((sum, client, i) => sum + client.cpuSeconds() - before[i]!, 0)
  await Promise.all(all.map((client) => client.stop()))
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
  return { seconds, cpu }
}

const kinds: Kind[] = [peerage, peerageByDefault]
if (values.webtorrent != null) kinds.push(webtorrent(values.webtorrent))
if (hasLibtorrent()) kinds.push(libtorrent('rc4'), libtorrent('off'))
try {
  const file = await sample(scratch, mib, Number(values.piece))
  const results = new Map(kinds.map((kind) => [kind, [] as { seconds: number; cpu: number }[]]))
  // in turn, so that a machine whose speed drifts treats all alike
  for (let i = 0; i < Number(values.runs); i++) {
    for (const [kind, rows] of results) rows.push(await run(kind, file))
  }
  const ours = median(results.get(peerage)!.map(({ seconds }) => seconds))
  console.log(`${mib} MiB, 1 seed, ${values.leechers} leechers, median of ${values.runs}`)
  for (const [{ name }, rows] of results) {
    const seconds = median(rows.map((row) => row.seconds))
    const cpu = (median(rows.map((row) => row.cpu)) / mib) * 1024
    const speed = ((mib * 1.048576) / seconds).toFixed(0).padStart(5)
    const ratio = (seconds / ours).toFixed(2)
    console.log(
      `${name.padEnd(22)} ${speed} MB/s  ${cpu.toFixed(1).padStart(5)} CPU-s/GiB  Peerage is ${ratio} x as fast`
    )
  }
} finally {
  await rm(scratch, { recursive: true })
}
