import { tcp } from '@libp2p/tcp'
import { expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { createSwarmNode, filled, makeTorrent } from './nodes.ts'
import { same } from './world.ts'

const transport = { make: tcp(), listen: '/ip4/127.0.0.1/tcp/0' }

test('over TCP: three seeds to one leecher, 16 MiB, every source used', async () => {
  const { torrent, content } = await makeTorrent(16 * 1024 * 1024)
  const seeds = await Promise.all([1, 2, 3].map(() => createSwarmNode({ transport })))
  for (const seed of seeds) await seed.swarm.seed(torrent, await filled(torrent, content))
  const leecher = await createSwarmNode({ transport })
  const storage = memoryStorage(torrent)
  const transfer = await leecher.swarm.add(torrent, {
    storage: () => storage,
    peers: seeds.map((seed) => seed.addresses())
  })
  await transfer.done
  expect(same(await storage.read(0, torrent.length), content)).toBe(true)
  expect(transfer.sourcesOf()).toHaveLength(3)
})
