import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise as encrypt } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Libp2p } from '@libp2p/interface'
import { createLibp2p } from 'libp2p'
import { expect, onTestFinished, test, vi } from 'vitest'
import { dhtPeers, torrentCid } from '../src/dht.ts'
import { formatMagnet, memoryStorage, swarm, type Swarm } from '../src/index.ts'
import { filled, makeTorrent } from './nodes.ts'

type DhtNode = Libp2p<{ swarm: Swarm }>

/** A node in a DHT of the local network, and with a swarm that looks for peers there. */
async function dhtNode(): Promise<DhtNode> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [encrypt()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      ping: ping(),
      dht: kadDHT({
        protocol: '/peerage-test/lan/kad/1.0.0',
        clientMode: false,
        peerInfoMapper: passthroughMapper,
        initialQuerySelfInterval: 0
      }),
      swarm: swarm({ findPeers: dhtPeers() })
    }
  })
  onTestFinished(async () => {
    await node.stop()
  })
  return node
}

test('a seed and a leecher that know only a third node find each other by the DHT', async () => {
  const { torrent, content } = await makeTorrent(200_000)
  const [helper, seed, leecher] = await Promise.all([dhtNode(), dhtNode(), dhtNode()])
  for (const node of [seed, leecher]) {
    await node.dial(helper.getMultiaddrs())
  }
  await seed.services.swarm.seed(torrent, await filled(torrent, content))
  await vi.waitFor(
    async () => {
      const providers: string[] = []
      for await (const { id } of helper.contentRouting.findProviders(
        torrentCid(torrent.infoHash)
      )) {
        providers.push(id.toString())
      }
      expect(providers).toEqual([seed.peerId.toString()])
    },
    { timeout: 8_000, interval: 100 }
  )
  const link = formatMagnet({ infoHash: torrent.infoHash })
  const transfer = await leecher.services.swarm.add(link, { storage: memoryStorage })
  expect((await transfer.done).id).toBe(torrent.id)
  expect(transfer.sourcesOf().map(({ peer }) => peer.toString())).toEqual([seed.peerId.toString()])
}, 20_000)
