import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTorrent, formatMagnet, type Torrent } from '@peerage/swarm'
import { describe, expect, it } from 'vitest'
import { fetchFrom, gatewayNode, noise, seedOf } from './nodes.ts'
import { Client, folder, runs } from './support/process.ts'

// Real clients, on loopback, with everything off by which they find others by themselves.
const python = '/usr/bin/python3'
const peer = new URL('support/libtorrent-peer.py', import.meta.url).pathname
const have = {
  libtorrent: runs(python, '-c', 'import libtorrent'),
  transmission: runs('transmission-cli', '--version'),
  aria2: runs('aria2c', '--version')
}
const missing = Object.entries(have).filter(([, there]) => !there)
if (missing.length > 0) {
  console.warn(`left out, for they are not installed: ${missing.map(([name]) => name).join(', ')}`)
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

/** A Peerage seed, and a gateway through which clients reach it. */
async function seedBehindGateway(content: Uint8Array) {
  const seed = await seedOf(content, name)
  const { gateway, port } = await gatewayNode()
  gateway.serve(seed.torrent.infoHash, { peers: [seed.at] })
  const file = join(await folder(), 'a.torrent')
  await writeFile(file, await torrentFile(content))
  return { torrent: seed.torrent, port, file }
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
    const seed = new Client(python, [peer, join(at, 'a.torrent'), at])
    const [, port] = await seed.said(/^listening (\d+)/)
    const { gateway, at: addresses } = await gatewayNode()
    gateway.serve(torrent.infoHash, { clients: [{ host: '127.0.0.1', port: Number(port) }] })
    const fetched = await fetchFrom(magnetOf(torrent), [addresses])
    expect(Buffer.compare(fetched, content)).toBe(0)
  })

  it.each(['a .torrent', 'a magnet'])('fetches from a Peerage seed by %s', async (source) => {
    const content = noise(size)
    const { torrent, port, file } = await seedBehindGateway(content)
    const at = await folder()
    const of = source === 'a magnet' ? magnetOf(torrent) : file
    const leecher = new Client(python, [peer, of, at])
    await leecher.said(/^listening/)
    leecher.tell(`connect ${port}`)
    await leecher.said(/^done/)
    await expectFile(join(at, name), content)
  })
})
