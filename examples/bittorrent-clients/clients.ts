import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gatewayBitTorrent, type TcpAddress } from '@peerage/gateway-bittorrent'
import { encodeBencode, memoryStorage, swarm, type Torrent } from '@peerage/swarm'
import { createNode } from '@peerage/transport'

const listen = ['/ip4/127.0.0.1/tcp/0']
const local = { profile: 'lan', mdns: false, listen } as const

/** Fetches with aria2; undefined when it is not installed. */
export async function byAria2(torrentFile: string, name: string, from: TcpAddress, folder: string) {
  const tracker = await trackerThatKnows(from)
  const { port } = tracker.address() as AddressInfo
  const alone = ['dht', 'dht6'].map((how) => `--enable-${how}=false`)
  const client = spawn('aria2c', [
    ...alone,
    '--bt-enable-lpd=false',
    '--interface=127.0.0.1',
    '--no-conf=true',
    '--seed-time=0',
    `--dir=${folder}`,
    `--bt-tracker=http://127.0.0.1:${port}/announce`,
    torrentFile
  ])
  client.stdout.resume()
  try {
    await once(client, 'close')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  } finally {
    tracker.closeAllConnections()
    tracker.close()
  }
  return new Uint8Array(await readFile(join(folder, name)))
}

/** The least an HTTP tracker can be (BEP 3, BEP 23): it knows one peer, which is the gateway. */
async function trackerThatKnows({ host, port }: TcpAddress) {
  const peers = Uint8Array.from([...host.split('.').map(Number), port >> 8, port & 0xff])
  const answer = encodeBencode({ interval: 60, peers })
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** The same bytes over the same TCP, by a client of our own: a second gateway with a peer behind it. */
export async function byGateway(torrent: Torrent, from: TcpAddress) {
  const gateway = gatewayBitTorrent({
    createNode: (init) => createNode({ ...local, listen: [], ...init })
  })
  const other = await createNode({ ...local, services: { gateway } })
  const ben = await createNode({ ...local, services: { swarm: swarm() } })
  try {
    other.services.gateway.serve(torrent.infoHash, { clients: [from] })
    const peers = [other.getMultiaddrs()]
    const transfer = await ben.services.swarm.add(torrent, { storage: memoryStorage, peers })
    await transfer.done
    return await new Response(transfer.stream(torrent.files[0]!)).bytes()
  } finally {
    await ben.stop()
    await other.stop()
  }
}
