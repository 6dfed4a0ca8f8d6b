// Shows: a leecher killed again and again loses no verified piece and hashes little when it comes back.
// Run:   npx -c 'node --conditions=@peerage/source bench/swarm/kill.ts --mib 1024 --kills 20 --seed 1'
//
// Real processes on loopback. --seconds is how long the seed takes for all of it, without restarts.
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createTorrentFromPath } from '@peerage/swarm/files'
import { seededRandom } from '@peerage/testbed'
import { fill } from './speed/sample.ts'

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '120' },
    folder: { type: 'string', default: tmpdir() }
  }
})
const [mib, kills] = [Number(values.mib), Number(values.kills)]
const random = seededRandom(Number(values.seed))
const mostHashed = 64 * 2 ** 20

/** What one life of the leecher told. */
interface Life {
  /** bytes it hashed before it began; undefined when it died before */
  hashed: number | undefined
  kept: Set<number>
  verified: number[]
  done: boolean
}

function start(...args: string[]): ChildProcess {
  const peer = join(import.meta.dirname, 'kill-peer.ts')
  return spawn(process.execPath, ['--conditions=@peerage/source', peer, ...args], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
}

/** Kills it `delay` milliseconds after its so manieth piece, or after its start. */
async function live(leecher: ChildProcess, pieces: number, delay: number): Promise<Life> {
  const life: Life = { hashed: undefined, kept: new Set(), verified: [], done: false }
  const killSoon = () => setTimeout(() => leecher.kill('SIGKILL'), delay)
  if (pieces === 0) killSoon()
  for await (const line of createInterface({ input: leecher.stdout! })) {
    const [word, first = '', second = ''] = line.split(' ')
    if (word === 'OPENED') {
      life.hashed = Number(first)
      life.kept = piecesOf(Buffer.from(second, 'hex'))
    }
    if (word === 'VERIFIED' && life.verified.push(Number(first)) === pieces) killSoon()
    if (word === 'DONE') life.done = true
  }
  return life
}

function piecesOf(bits: Uint8Array): Set<number> {
  const pieces = Array.from({ length: bits.length * 8 }, (_, piece) => piece)
  return new Set(pieces.filter((piece) => (bits[piece >> 3]! & (0x80 >> (piece & 7))) !== 0))
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

async function sample(folder: string) {
  await mkdir(folder)
  const file = join(folder, 'sample.bin')
  await fill(file, mib)
  return createTorrentFromPath(file)
}

/** Lives and dies `kills` times, then finishes. @returns whether it did, all was kept, and little hashed */
async function ordeal(pieceCount: number, leech: () => ChildProcess): Promise<boolean> {
  const told = new Set<number>()
  let good = true
  for (let killed = 0; ; killed++) {
    const left = pieceCount - told.size
    // near the end it dies while it starts, so that there is something left for the last life
    const most = left > pieceCount / 10 ? Math.ceil((2 * left) / (kills - killed + 1)) : 1
    const pieces = killed < kills ? random.below(most) : -1
    const delay = random.below(pieces === 0 ? 800 : 50)
    const end = pieces < 0 ? 'finished' : `killed ${delay} ms after ${pieces} pieces`
    const { hashed, kept, verified, done } = await live(leech(), pieces, delay)
    const life = `life ${killed + 1}, ${end}`
    if (hashed === undefined) console.log(`${life}: it had not opened its storage yet`)
    else {
      const lost = [...told].filter((piece) => !kept.has(piece)).length
      if (lost > 0 || hashed > mostHashed) good = false
      const again = `${(hashed / 2 ** 20).toFixed(1)} MiB hashed again`
      console.log(
        `${life}: ${kept.size} pieces kept, ${lost} lost, ${again}, ${verified.length} fetched`
      )
    }
    for (const piece of [...kept, ...verified]) told.add(piece)
    if (done) return good && killed === kills
  }
}

const scratch = await mkdtemp(join(values.folder, 'peerage-kill-'))
const [from, to, file] = ['seed', 'leech', 'sample.torrent'].map((name) => join(scratch, name))
const { torrent, bytes } = await sample(from!)
await writeFile(file!, bytes)
console.log(`${mib} MiB in ${torrent.pieceCount} pieces, ${kills} kills, seed ${values.seed}`)
const perSecond = Math.ceil(torrent.length / Number(values.seconds))
const seed = start('seed', file!, from!, String(perSecond))
try {
  const lines = createInterface({ input: seed.stdout! })[Symbol.asyncIterator]()
  const { value: line = '' } = await lines.next()
  const address = line.replace('READY ', '')
  const good = await ordeal(torrent.pieceCount, () => start('leech', file!, to!, address))
  const [a, b] = await Promise.all([from!, to!].map((folder) => sha256(join(folder, 'sample.bin'))))
  console.log(
    `${kills} kills, nothing verified lost, at most 64 MiB hashed again: ${good}; identical: ${a === b}`
  )
  process.exitCode = good && a === b ? 0 : 1
} finally {
  seed.kill('SIGKILL')
  await rm(scratch, { recursive: true })
}
