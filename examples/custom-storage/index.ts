// Shows: a storage of one's own, in an SQLite database, checked by the suite and used in a transfer.
// Run:   npx -c 'node --conditions=@peerage/source --disable-warning=ExperimentalWarning examples/custom-storage/index.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { swarm, torrentOf } from '@peerage/swarm'
import { resumeChecks, storageChecks } from '@peerage/swarm/storage-compliance'
import { createNode } from '@peerage/transport'
import { sqliteStorage } from './sqlite-storage.ts'

const start = () =>
  createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { swarm: swarm() }
  })

const home = await mkdtemp(join(tmpdir(), 'peerage-example-'))
const [giver, taker] = [await start(), await start()]
try {
  // in your project: one test each, by whatever runs your tests
  for (const { name, run } of [...storageChecks, ...resumeChecks]) {
    await run((torrent, place) => sqliteStorage(torrent, join(home, `${place}.db`)))
    console.log(`kept: ${name}`)
  }

  const bytes = new Uint8Array(1_000_000).map((_, at) => at % 251)
  const { torrent, storage } = await torrentOf('waves.wav', bytes)
  await giver.services.swarm.seed(torrent, storage)

  const database = join(home, 'waves.db')
  const fetch = async () => {
    const transfer = await taker.services.swarm.add(torrent, {
      storage: (found) => sqliteStorage(found, database),
      peers: giver.getMultiaddrs()
    })
    console.log(`${transfer.progress.pieces} of ${torrent.pieceCount} pieces are in the database`)
    await transfer.done
    await transfer.stop()
  }
  await fetch()
  await fetch()
} finally {
  await Promise.all([giver, taker].map(async (node) => node.stop()))
  await rm(home, { recursive: true })
}
