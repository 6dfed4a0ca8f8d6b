// Shows: a libp2p app with a node of its own, which adds one Peerage module and nothing else.
// Run:   npx -c 'node --conditions=@peerage/source examples/add-one-module/index.ts'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createTorrent, memoryStorage, swarm } from '@peerage/swarm'
import { createLibp2p } from 'libp2p'

const start = () =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      // the one line that is new
      swarm: swarm()
    }
  })

const [giver, taker] = [await start(), await start()]

// what the app has in memory becomes a torrent, and the first node gives it
const report = new TextEncoder().encode('All quiet. '.repeat(10_000))
const { torrent } = await createTorrent({
  name: 'report.txt',
  files: [{ path: [], length: report.length }],
  read: async (_file, offset, length) => report.subarray(offset, offset + length)
})
const storage = memoryStorage(torrent)
await storage.write(0, report)
await giver.services.swarm.seed(torrent, storage)

// the second node needs the info-hash and somebody to ask
const kept = memoryStorage(torrent)
const transfer = await taker.services.swarm.add(torrent, {
  storage: () => kept,
  peers: giver.getMultiaddrs()
})
transfer.addEventListener('piece:verify', ({ detail: { piece } }) => {
  if (piece === 0) console.log('the first piece is verified')
})
await transfer.done
const text = new TextDecoder().decode(await kept.read(0, torrent.length))
console.log(`${torrent.name}: ${text.length} characters, beginning with "${text.slice(0, 10)}"`)

await Promise.all([giver.stop(), taker.stop()])
