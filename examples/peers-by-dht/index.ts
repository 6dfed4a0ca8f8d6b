// Shows: peers of a torrent find each other by a DHT; all each of them knows is one other node.
// Run:   npx -c 'node --conditions=@peerage/source examples/peers-by-dht/index.ts'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { formatMagnet, memoryStorage, swarm, torrentOf } from '@peerage/swarm'
import { dhtPeers } from '@peerage/swarm/dht'
import { createLibp2p } from 'libp2p'

const start = () =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      ping: ping(),
      // a DHT of this machine alone: the public one leaves private addresses out
      dht: kadDHT({
        protocol: '/example/lan/kad/1.0.0',
        clientMode: false,
        peerInfoMapper: passthroughMapper
      }),
      swarm: swarm({ findPeers: dhtPeers() })
    }
  })

const nodes = [await start(), await start(), await start()] as const
const [helper, ann, ben] = nodes
try {
  await Promise.all([ann, ben].map((node) => node.dial(helper.getMultiaddrs())))

  const { torrent, storage } = await torrentOf('wind.wav', new Uint8Array(400_000).fill(9))
  await ann.services.swarm.seed(torrent, storage)

  // the link names no peer, and there is no tracker
  const link = formatMagnet({ infoHash: torrent.infoHash })
  console.log(`the link: ${link}`)
  const transfer = await ben.services.swarm.add(link, { storage: memoryStorage })
  const { name, length } = await transfer.done
  console.log(`${name}: ${length} bytes, verified`)
  const [source] = transfer.sourcesOf()
  console.log(`it came from Ann: ${source?.peer.equals(ann.peerId)}`)
} finally {
  await Promise.all(nodes.map(async (node) => node.stop()))
}
