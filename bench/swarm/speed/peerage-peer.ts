// One Peerage peer of the speed benchmark; see index.ts for what it reads and prints.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { multiaddr } from '@multiformats/multiaddr'
import { parseTorrent, swarm } from '@peerage/swarm'
import { fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'

const [role = '', file = '', folder = ''] = process.argv.slice(2)
const torrent = parseTorrent(await readFile(file))
const node = await createNode({
  profile: 'lan',
  mdns: false,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: { swarm: swarm() }
})
const storage = fileStorage(torrent, folder)
if (role === 'seed') {
  // hashed before the clock starts, as the other clients do; `seed()` would hash on first read
  await (
    await node.services.swarm.add(torrent, { storage: () => storage })
  ).done
}
console.log(`READY ${node.getMultiaddrs()[0]?.toString()}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...peers] = line.split(' ')
  if (word === 'QUIT') break
  if (role === 'seed') continue
  const options = { storage: () => storage, peers: peers.map((peer) => multiaddr(peer)) }
  const transfer = await node.services.swarm.add(torrent, options)
  await transfer.done
  console.log('DONE')
}
await node.stop()
process.exit(0)
