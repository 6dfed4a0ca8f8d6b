import { formatMagnet, memoryStorage, type Storage, type TorrentVersion } from '@peerage/swarm'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Gateway, ServeOptions } from '../src/index.ts'
import { gatewayNode, swarmNode } from './nodes.ts'
import { Client, folder, libtorrent, libtorrentPeer } from './support/process.ts'
import { filesAt, filesIn, filled, sharedFiles, writeTo, type Shared } from './support/shared.ts'

/** A libtorrent peer that has everything. @returns its port */
async function libtorrentSeed(shared: Shared): Promise<number> {
  const at = await folder()
  const seed = new Client(...libtorrentPeer(await writeTo(at, shared), at))
  await seed.said(/^done/)
  const [, port] = await seed.said(/^listening (\d+)/)
  return Number(port)
}

/** Lets a torrent through by each of its hashes. */
function serveAll(gateway: Gateway, { torrent }: Shared, options: ServeOptions): void {
  const { infoHash, infoHashV2, version } = torrent
  gateway.serve(infoHash, options)
  if (version !== 'hybrid') return
  gateway.serve(infoHashV2!.slice(0, 20), options)
}

/** Fetches from a libtorrent peer. */
async function fetchThrough(shared: Shared, source: string | Shared): Promise<Shared['content']> {
  const { gateway, at } = await gatewayNode()
  const port = await libtorrentSeed(shared)
  serveAll(gateway, shared, { clients: [{ host: '127.0.0.1', port }] })
  const node = await swarmNode()
  let storage: Storage
  const transfer = await node.services.swarm.add(
    typeof source === 'string' ? source : source.torrent,
    { storage: (torrent) => (storage = memoryStorage(torrent)), peers: [at] }
  )
  return filesIn(await transfer.done, storage!)
}

/** Has libtorrent fetch from a Peerage seed. */
async function libtorrentFetches(
  shared: Shared,
  source: string | Shared
): Promise<Shared['content']> {
  const seed = await swarmNode()
  await seed.services.swarm.seed(shared.torrent, await filled(shared))
  const { gateway, port } = await gatewayNode()
  serveAll(gateway, shared, { peers: [seed.getMultiaddrs()] })
  const at = await folder()
  const file = join(at, 'a.torrent')
  await writeFile(file, shared.bytes)
  const leecher = new Client(...libtorrentPeer(typeof source === 'string' ? source : file, at))
  await leecher.said(/^listening/)
  leecher.tell(`connect ${port}`)
  await leecher.said(/^done/)
  return filesAt(at, shared)
}

const byFile = (shared: Shared): Shared => shared
const byV1 = ({ torrent }: Shared): string => formatMagnet({ infoHash: torrent.infoHash })
const byBoth = ({ torrent }: Shared): string => formatMagnet(torrent)
const byV2 = ({ torrent }: Shared): string => formatMagnet({ infoHash: torrent.infoHashV2! })

describe.skipIf(!libtorrent).each<[TorrentVersion, string, (shared: Shared) => string | Shared]>([
  [1, 'the .torrent', byFile],
  [1, 'a magnet', byV1],
  ['hybrid', 'the .torrent', byFile],
  ['hybrid', 'a magnet with its version 1 hash', byV1],
  ['hybrid', 'a magnet with both hashes', byBoth],
  ['hybrid', 'a magnet with its version 2 hash', byV2],
  [2, 'the .torrent', byFile],
  // the hashes of pieces come from peers as well, through the gateway (BEP 52)
  [2, 'a magnet', byV2]
])('a torrent of version %s, by %s', (version, _, source) => {
  it('comes from libtorrent', async () => {
    const shared = await sharedFiles(version)
    expect(await fetchThrough(shared, source(shared))).toEqual(shared.content)
  })

  it('goes to libtorrent', async () => {
    const shared = await sharedFiles(version)
    expect(await libtorrentFetches(shared, source(shared))).toEqual(shared.content)
  })
})
