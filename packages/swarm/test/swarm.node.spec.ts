import { tcp } from '@libp2p/tcp'
import { expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { createSwarmNode, everyNth, makeTorrent, sharePieces } from './nodes.ts'
import { same } from './test-swarm.ts'

const transport = { make: tcp(), listen: '/ip4/127.0.0.1/tcp/0' }

test('over TCP: 16 MiB from three peers with a third each', async () => {
  const { torrent, content } = await makeTorrent(16 * 1024 * 1024)
  const peers = await Promise.all([0, 1, 2].map(() => createSwarmNode({ transport })))
  for (const [i, peer] of peers.entries()) {
    await sharePieces(peer, torrent, content, everyNth(torrent, 3, i))
  }
  const leecher = await createSwarmNode({ transport })
  const storage = memoryStorage(torrent)
  const transfer = await leecher.swarm.add(torrent, {
    storage: () => storage,
    peers: peers.map((peer) => peer.addresses())
  })
  await transfer.done
  expect(same(await storage.read(0, torrent.length), content)).toBe(true)
  expect(transfer.sourcesOf()).toHaveLength(3)
})
