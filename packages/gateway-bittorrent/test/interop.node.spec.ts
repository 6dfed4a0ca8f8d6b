import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTorrent, formatMagnet, type Torrent } from '@peerage/swarm'
import { pEvent } from 'p-event'
import { describe, expect, it } from 'vitest'
import { fetchFrom, gatewayNode, seedOf } from './nodes.ts'
import { noise } from '@peerage/testbed'
import { httpTracker } from './support/http-tracker.ts'
import { freePort, keepIntroducing } from './support/introduce.ts'
import { Client, folder, libtorrent, libtorrentPeer, runs } from './support/process.ts'

// Real clients, on loopback, with everything off by which they find others by themselves.
const have = {
  libtorrent,
  transmission: runs('transmission-cli', '--version'),
  aria2: runs('aria2c', '--version')
}
const missing = Object.entries(have).filter(([, there]) => !there)
if (missing.length > 0) {
  console.warn(`left out, for they are not installed: ${missing.map(([name]) => name).join(', ')}`)
}

const quietAria2 = [
  '--enable-dht=false',
  '--enable-dht6=false',
  '--bt-enable-lpd=false',
  '--enable-peer-exchange=false',
  '--interface=127.0.0.1',
  '--no-conf=true',
  '--seed-time=0',
  '--file-allocation=none'
]
const quietTransmission = {
  'bind-address-ipv4': '127.0.0.1',
  'dht-enabled': false,
  'lpd-enabled': false,
  'pex-enabled': false,
  'utp-enabled': false,
  'port-forwarding-enabled': false,
  encryption: 0
}

const size = 6_000_000
const name = 'noise.bin'

/** The bytes of a `.torrent` file. */
async function torrentFile(content: Uint8Array): Promise<Uint8Array> {
  const read = async (_: unknown, from: number, length: number) =>
    content.slice(from, from + length)
  const files = [{ path: [], length: content.byteLength }]
  return (await createTorrent({ name, files, read })).bytes
}

/** A Peerage seed, a gateway through which clients reach it, and a tracker that names the gateway. */
async function seedBehindGateway(content: Uint8Array) {
  const seed = await seedOf(content, name)
  const { gateway, port } = await gatewayNode()
  const { url } = await httpTracker()
  const announced = pEvent(gateway, 'tracker:answer')
  gateway.serve(seed.torrent.infoHash, { peers: [seed.at], trackers: [url] })
  await announced
  const file = join(await folder(), 'a.torrent')
  await writeFile(file, await torrentFile(content))
  return { torrent: seed.torrent, port, file, trackers: url }
}

async function expectFile(path: string, content: Uint8Array): Promise<void> {
  expect(Buffer.compare(await readFile(path), content)).toBe(0)
}

function magnetOf({ infoHash }: Torrent): string {
  return formatMagnet({ infoHash, name })
}

describe.skipIf(!have.libtorrent)('libtorrent', () => {
  it('seeds to a Peerage leecher that has a magnet only', async () => {
    const content = noise(size)
    const { torrent } = await seedOf(content, name)
    const at = await folder()
    await writeFile(join(at, name), content)
    await writeFile(join(at, 'a.torrent'), await torrentFile(content))
    const seed = new Client(...libtorrentPeer(join(at, 'a.torrent'), at))
    const [, port] = await seed.said(/^listening (\d+)/)
    const { gateway, at: addresses } = await gatewayNode()
    gateway.serve(torrent.infoHash, { clients: [{ host: '127.0.0.1', port: Number(port) }] })
    const fetched = await fetchFrom(magnetOf(torrent), [addresses])
    expect(Buffer.compare(fetched, content)).toBe(0)
  })

  it.each(['a .torrent', 'a magnet'])('fetches from a Peerage seed by %s', async (source) => {
    // it takes its time, whoever gives
    const content = noise(size / 40)
    const { torrent, port, file } = await seedBehindGateway(content)
    const at = await folder()
    const of = source === 'a magnet' ? magnetOf(torrent) : file
    const leecher = new Client(...libtorrentPeer(of, at))
    await leecher.said(/^listening/)
    leecher.tell(`connect ${port}`)
    await leecher.said(/^done/)
    await expectFile(join(at, name), content)
  })
})

describe.skipIf(!have.aria2)('aria2', () => {
  it.each(['a .torrent', 'a magnet'])('fetches from a Peerage seed by %s', async (source) => {
    const content = noise(size)
    const { torrent, file, trackers } = await seedBehindGateway(content)
    const at = await folder()
    const of = source === 'a magnet' ? magnetOf(torrent) : file
    const leecher = new Client('aria2c', [
      ...quietAria2,
      `--dir=${at}`,
      `--bt-tracker=${trackers}`,
      of
    ])
    await leecher.said(/\|OK\s*\|.*noise\.bin/)
    await expectFile(join(at, name), content)
  })
})

describe.skipIf(!have.transmission)('Transmission', { timeout: 60_000 }, () => {
  // Both take 20 s however little is fetched, as measured: it looks every ten seconds whom to be
  // interested in, and says late that it has everything. With a magnet it hangs up once it has the
  // metadata, to begin anew.
  it.each(['a .torrent', 'a magnet'])('fetches from a Peerage seed by %s', async (source) => {
    const content = noise(size / 40)
    const { torrent, port, file } = await seedBehindGateway(content)
    const at = await folder()
    const peerPort = await freePort()
    const settings = { ...quietTransmission, 'peer-port': peerPort }
    await writeFile(join(at, 'settings.json'), JSON.stringify(settings))
    const of = source === 'a magnet' ? magnetOf(torrent) : file
    const leecher = new Client('transmission-cli', ['-g', at, '-w', at, of], { HOME: at })
    keepIntroducing(peerPort, port, torrent.infoHash)
    await leecher.said(/Seeding/)
    await expectFile(join(at, name), content)
  })
})

describe.skipIf(!have.libtorrent || !have.aria2)('clients behind one address', () => {
  it('are peers of their own, served by one seed at the same time', async () => {
    const content = noise(size)
    const { port, file, trackers } = await seedBehindGateway(content)
    const [one, two] = [await folder(), await folder()]
    const first = new Client(...libtorrentPeer(file, one))
    const second = new Client('aria2c', [
      ...quietAria2,
      `--dir=${two}`,
      `--bt-tracker=${trackers}`,
      file
    ])
    await first.said(/^listening/)
    first.tell(`connect ${port}`)
    await Promise.all([first.said(/^done/), second.said(/\|OK\s*\|.*noise\.bin/)])
    await expectFile(join(one, name), content)
    await expectFile(join(two, name), content)
  })
})
