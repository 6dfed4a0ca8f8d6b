// Shows: a recording that plays from its beginning while the rest of it is still on its way.
// Run:   npx -c 'node --conditions=@peerage/source examples/stream-while-downloading/index.ts'
import { memoryStorage, swarm, torrentOf } from '@peerage/swarm'
import { createNode } from '@peerage/transport'

const start = () =>
  createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { swarm: swarm() }
  })

const [giver, taker] = [await start(), await start()]
try {
  const film = new Uint8Array(3_000_000).map((_, at) => at % 251)
  const { torrent, storage } = await torrentOf('film.mkv', film)
  // slow enough to watch
  await giver.services.swarm.seed(torrent, storage, { rateLimits: { up: 1_500_000 } })

  const transfer = await taker.services.swarm.add(torrent, {
    storage: memoryStorage,
    peers: giver.getMultiaddrs()
  })
  const [file] = torrent.files
  if (file == null) throw new Error('a torrent has a file')

  // a web stream: hand it to `new Response(stream)`, or pipe it into a player
  const played: Uint8Array[] = []
  for await (const bytes of transfer.read(file)) {
    if (played.length === 0) {
      const { state } = transfer.progress
      console.log(`the first bytes play, and the transfer is ${state}`)
    }
    played.push(bytes)
  }
  const same = Buffer.concat(played).equals(film)
  console.log(`played to the end, every byte right: ${same}`)

  // a player that jumps asks for a part of the file
  const part = await new Response(
    transfer.stream(file, { start: 1_000_000, end: 1_000_010 })
  ).bytes()
  console.log(`ten bytes from the middle: ${part.join(' ')}`)
} finally {
  await Promise.all([giver, taker].map(async (node) => node.stop()))
}
