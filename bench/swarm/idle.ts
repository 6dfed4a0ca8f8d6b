// Shows: what torrents cost a node while nobody asks for them: memory, and CPU at rest.
// Run:   npm run build && npx -c 'node --expose-gc bench/swarm/idle.ts --torrents 1000'
//
// Half of them are seeded, half lack everything and know of nobody. Each is 1 GiB in pieces of
// 1 MiB on paper: no byte of it is on the disk. 1,000 are held to 200 MB. About 40 MB of what is
// measured is Node's young generation, which grows once in a busy process, however many there are.
import { randomFillSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { encodeBencode, parseTorrent, swarm, type Torrent } from '@peerage/swarm'
import { fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'

const { values } = parseArgs({
  options: {
    torrents: { type: 'string', default: '1000' },
    pieces: { type: 'string', default: '1024' },
    seconds: { type: 'string', default: '10' }
  }
})
const [torrents, pieceCount] = [Number(values.torrents), Number(values.pieces)]
const seconds = Number(values.seconds)
const pieceLength = 1024 * 1024

const name = 'film.mkv'
const info = { length: pieceCount * pieceLength, name, 'piece length': pieceLength }
const file = encodeBencode({ info: { ...info, pieces: new Uint8Array(20 * pieceCount) } })
// the hashes are the last thing in the file but for two "e"
const hashes = file.subarray(file.length - 2 - 20 * pieceCount, -2)

/** A torrent read from its file; the file's bytes serve for the next one again. */
function nextTorrent(): Torrent {
  randomFillSync(hashes)
  return parseTorrent(file)
}

/** Megabytes in memory, garbage not counted. */
async function memory(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc!()
    await setTimeout(100)
  }
  return process.memoryUsage().rss / 1e6
}

const folder = await mkdtemp(join(tmpdir(), 'peerage-idle-'))
const node = await createNode({
  profile: 'lan',
  mdns: false,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: { swarm: swarm() }
})
try {
  const before = await memory()
  const start = performance.now()
  for (let i = 0; i < torrents; i++) {
    const torrent = nextTorrent()
    const storage = fileStorage(torrent, join(folder, String(i)), {
      journal: join(folder, 'journals')
    })
    if (i % 2 === 0) await node.services.swarm.seed(torrent, storage)
    else await node.services.swarm.add(torrent, { storage: () => storage })
  }
  const adding = performance.now() - start
  const after = await memory()
  const cpu = process.cpuUsage()
  await setTimeout(seconds * 1_000)
  const { user, system } = process.cpuUsage(cpu)
  const each = ((after - before) * 1_000) / torrents
  console.log(`a node alone          ${before.toFixed(0)} MB`)
  console.log(`with ${torrents} torrents    ${after.toFixed(0)} MB, ${each.toFixed(1)} KB each`)
  console.log(`adding one            ${(adding / torrents).toFixed(2)} ms`)
  console.log(`at rest               ${((user + system) / 1e4 / seconds).toFixed(2)} % of a core`)
} finally {
  await node.stop()
  await rm(folder, { recursive: true })
}
