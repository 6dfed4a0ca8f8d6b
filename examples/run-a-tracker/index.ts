// Shows: peers that know neither each other nor any address find each other at a tracker.
// Run:   npx -c 'node --conditions=@peerage/source examples/run-a-tracker/index.ts'
import { formatMagnet, memoryStorage, swarm, torrentOf } from '@peerage/swarm'
import { tracker, trackers } from '@peerage/swarm/tracker'
import { createNode } from '@peerage/transport'

const listen = ['/ip4/127.0.0.1/tcp/0']
const node = { profile: 'lan', listen, mdns: false } as const

// any node can keep a tracker: it knows who takes part in what, and nothing of what is in it
const helper = await createNode({ ...node, services: { tracker: tracker() } })
const { tracker: book } = helper.services

const start = () =>
  // one tier of trackers; a second one would be asked when nobody of the first answers
  createNode({
    ...node,
    services: { swarm: swarm({ findPeers: trackers([helper.getMultiaddrs()]) }) }
  })

const [giver, taker] = [await start(), await start()]
try {
  const { torrent, storage } = await torrentOf('rain.wav', new Uint8Array(500_000).fill(7))
  await giver.services.swarm.seed(torrent, storage)

  // the link names no peer: the tracker has to
  const link = formatMagnet({ infoHash: torrent.infoHash })
  console.log(`the link: ${link}`)
  const transfer = await taker.services.swarm.add(link, { storage: memoryStorage })
  const { name, length } = await transfer.done
  console.log(`${name}: ${length} bytes, verified`)

  // whoever leaves says so, and the tracker forgets it
  await transfer.stop()
  const counts = book.countsOf(torrent.infoHash)
  console.log(`the tracker knows ${counts?.complete} peer that has it all`)
  console.log(`and of ${counts?.downloaded} finished download`)
} finally {
  await Promise.all([giver, taker].map(async (each) => each.stop()))
  await helper.stop()
}
