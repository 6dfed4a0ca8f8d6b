// The gateway of the benchmark beside it: prints `READY host:port multiaddr`, takes `GO address`, the
// seed's on either side, answers `DONE`, takes `QUIT`.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { multiaddr } from '@multiformats/multiaddr'
import { gatewayBitTorrent } from '@peerage/gateway-bittorrent'
import { parseTorrent } from '@peerage/swarm'
import { createNode } from '@peerage/transport'

const [, file = ''] = process.argv.slice(2)
const { infoHash } = parseTorrent(await readFile(file))
const local = { profile: 'lan', mdns: false } as const
const node = await createNode({
  ...local,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  services: {
    gateway: gatewayBitTorrent({
      listen: { host: '127.0.0.1', port: 0 },
      createNode: (init) => createNode({ ...local, listen: [], ...init })
    })
  }
})
const { gateway } = node.services
console.log(`READY 127.0.0.1:${gateway.address?.port} ${node.getMultiaddrs()[0]?.toString()}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [word, address = ''] = line.split(' ')
  if (word === 'QUIT') break
  const [host = '', port] = address.split(':')
  if (address.startsWith('/')) gateway.serve(infoHash, { peers: [multiaddr(address)] })
  else gateway.serve(infoHash, { clients: [{ host, port: Number(port) }] })
  console.log('DONE')
}
await node.stop()
process.exit(0)
