// One peer of kill.ts: `seed <torrent> <folder> <bytes per second>`, or `leech <torrent> <folder> <address>`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { parseTorrent, swarm } from '@peerage/swarm'
import { fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'

const [role = '', file = '', folder = '', last = ''] = process.argv.slice(2)
const torrent = parseTorrent(await readFile(file))
const node = await createNode({
  profile: 'lan',
  mdns: false,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: { swarm: swarm() }
})

if (role === 'seed') {
  const rateLimits = { up: Number(last) }
  await node.services.swarm.seed(torrent, fileStorage(torrent, folder), { rateLimits })
  console.log(`READY ${node.getMultiaddrs()[0]?.toString()}`)
} else {
  let hashed = 0
  const storage = fileStorage(torrent, folder, {
    journal: join(folder, 'journal'),
    onCheck: ({ checked }) => (hashed += torrent.pieceSize(checked - 1))
  })
  const remembered = storage.remembered.bind(storage)
  storage.remembered = async (...args) => {
    const have = await remembered(...args)
    console.log(`OPENED ${hashed} ${Buffer.from(have).toString('hex')}`)
    return have
  }
  const transfer = await node.services.swarm.add(torrent, { storage: () => storage })
  transfer.addEventListener('piece:verify', ({ detail }) => {
    console.log(`VERIFIED ${detail.piece}`)
  })
  transfer.connect(multiaddr(last))
  await transfer.done
  await node.stop()
  console.log('DONE')
  process.exit(0)
}
