// Shows: an ordinary BitTorrent client, aria2 if there is one, fetches from a Peerage swarm.
// Run:   npx -c 'node --conditions=@peerage/source examples/bittorrent-clients/index.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gatewayBitTorrent } from '@peerage/gateway-bittorrent'
import { createTorrentFromPath, fileStorage } from '@peerage/swarm/files'
import { swarm } from '@peerage/swarm'
import { createNode } from '@peerage/transport'
import { byAria2, byGateway } from './clients.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']
const local = { profile: 'lan', mdns: false, listen } as const
const [annsFolder, folder] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'song-'))))

// Ann has a song, and takes part in its swarm over libp2p alone
const song = new Uint8Array(300_000).map((_, at) => at % 253)
await writeFile(join(annsFolder!, 'song.flac'), song)
const { torrent, bytes } = await createTorrentFromPath(join(annsFolder!, 'song.flac'))
const ann = await createNode({ ...local, services: { swarm: swarm() } })
await ann.services.swarm.seed(torrent, fileStorage(torrent, annsFolder!))

// the gateway takes BitTorrent clients in over TCP: each becomes a libp2p peer with a key of its own
const gateway = await createNode({
  ...local,
  services: {
    bitTorrent: gatewayBitTorrent({
      listen: { host: '127.0.0.1', port: 0 },
      createNode: (init) => createNode({ ...local, listen: [], ...init })
    })
  }
})
const { bitTorrent } = gateway.services
bitTorrent.addEventListener(
  'pipe:open',
  ({ detail: { client, peer } }) => {
    const isAnn = peer.equals(ann.peerId)
    console.log(`a client at ${client.host} is joined to Ann: ${isAnn}`)
  },
  { once: true }
)

try {
  bitTorrent.serve(torrent.infoHash, { peers: [ann.getMultiaddrs()] })
  const { address } = bitTorrent
  if (address == null) throw new Error('a gateway that listens has an address')
  console.log(`BitTorrent clients may come to ${address.host}:${address.port}`)

  const file = join(folder!, 'song.torrent')
  await writeFile(file, bytes)
  const aria2 = await byAria2(file, torrent.name, address, folder!)
  const fetched = aria2 ?? (await byGateway(torrent, address))
  console.log(`fetched by ${aria2 == null ? 'a client of our own' : 'aria2'}`)
  console.log(`${fetched.byteLength} bytes, every one right: ${Buffer.from(fetched).equals(song)}`)
} finally {
  await gateway.stop()
  await ann.stop()
  await Promise.all([annsFolder!, folder!].map((path) => rm(path, { recursive: true })))
}
