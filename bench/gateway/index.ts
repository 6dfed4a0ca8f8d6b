// Shows: libtorrent and Peerage through the gateway, each a process of its own, beside libtorrent alone.
// Run:   npx -c 'node --conditions=@peerage/source bench/gateway/index.ts --mib 128 --runs 3'
//
// Needs Debian's python3-libtorrent. One seed, one leecher; between libtorrent and the gateway plain TCP,
// behind it encrypted. Files are compared after every run. Loopback only.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, hasLibtorrent, type Kind, libtorrent, peerage } from '../swarm/speed/client.ts'
import { median, sample, type Sample } from '../swarm/speed/sample.ts'

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '128' },
    runs: { type: 'string', default: '3' },
    piece: { type: 'string', default: '262144' },
    folder: { type: 'string', default: tmpdir() }
  }
})
const mib = Number(values.mib)

/** Who gives to whom, and by what way. */
interface Arm {
  readonly name: string
  readonly seed: Kind
  readonly leech: Kind
  readonly through?: Kind
}

interface Row {
  /** to the whole file */
  seconds: number
  /** of each process: the seed, the gateway, the leecher */
  cpu: number[]
}

const plain = libtorrent('off')
const [node = '', condition = ''] = peerage.command
const gateway: Kind = {
  name: 'gateway',
  command: [node, condition, join(import.meta.dirname, 'gateway-peer.ts')]
}
const arms: Arm[] = [
  { name: 'libtorrent to libtorrent', seed: plain, leech: plain },
  { name: 'libtorrent, gateway, Peerage', seed: plain, through: gateway, leech: peerage },
  { name: 'Peerage, gateway, libtorrent', seed: peerage, through: gateway, leech: plain }
]

async function run({ seed, leech, through }: Arm, file: Sample, to: string): Promise<Row> {
  await mkdir(to)
  const giver = new Client(seed, 'seed', file.torrent, file.folder)
  const between = through && new Client(through, 'gateway', file.torrent, to)
  const taker = new Client(leech, 'leech', file.torrent, to)
  const all = [giver, ...(between == null ? [] : [between]), taker]
  const [from = '', way = ''] = await Promise.all(all.map((client) => client.hear('READY')))
  between?.say(`GO ${from}`)
  await between?.hear('DONE')
  // the gateway has an address on either side
  const [tcp = '', libp2p = ''] = way.split(' ')
  const before = all.map((client) => client.cpuSeconds())
  const start = performance.now()
  taker.say(`GO ${between == null ? from : leech === peerage ? libp2p : tcp}`)
  await taker.hear('DONE')
  const seconds = (performance.now() - start) / 1000
  const cpu = all.map((client, i) => client.cpuSeconds() - before[i]!)
  await Promise.all(all.map((client) => client.stop()))
  await expectSame(file.folder, to)
  await rm(to, { recursive: true })
  return { seconds, cpu }
}

async function expectSame(folder: string, other: string): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [folder, other].map((path) => readFile(join(path, 'sample.bin')))
  )
  if (Buffer.compare(ours!, theirs!) !== 0) throw new Error('the file did not come out the same')
}

function report({ name }: Arm, rows: readonly Row[]): void {
  const seconds = median(rows.map((row) => row.seconds))
  const perGiB = (cpu: number): string => ((cpu / mib) * 1024).toFixed(1)
  const each = rows[0]!.cpu.map((_, i) => perGiB(median(rows.map(({ cpu }) => cpu[i]!))))
  const all = perGiB(median(rows.map(({ cpu }) => cpu.reduce((sum, n) => sum + n, 0))))
  const speed = ((mib * 1.048576) / seconds).toFixed(0).padStart(4)
  console.log(`${name.padEnd(30)} ${speed} MB/s  ${all} CPU-s/GiB (${each.join(' + ')})`)
}

if (!hasLibtorrent()) throw new Error('libtorrent is missing: apt-get install python3-libtorrent')
const scratch = await mkdtemp(join(values.folder, 'peerage-gateway-'))
try {
  const file = await sample(scratch, mib, Number(values.piece))
  const results = new Map(arms.map((arm) => [arm, [] as Row[]]))
  // in turn, so that a machine whose speed drifts treats all alike
  for (let i = 0; i < Number(values.runs); i++) {
    for (const [arm, rows] of results) rows.push(await run(arm, file, join(scratch, 'leech')))
  }
  console.log(`${mib} MiB, one seed, one leecher, median of ${values.runs}`)
  for (const [arm, rows] of results) report(arm, rows)
} finally {
  await rm(scratch, { recursive: true })
}
