import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileStorage } from '../src/files.ts'
import { createSwarmNode, filled } from './nodes.ts'
import { freshFolder } from './support/folder.ts'
import { kib, noiseTorrent } from './support/torrents.ts'
import { same } from './test-swarm.ts'

test('a file that nobody selected is read as it comes, and its neighbours are not made', async () => {
  const { torrent, data } = await noiseTorrent({ one: 40 * kib, two: 24 * kib, three: 64 * kib })
  const seed = await createSwarmNode()
  await seed.swarm.seed(torrent, await filled(torrent, data))
  const path = await freshFolder()
  const leecher = await createSwarmNode()
  const transfer = await leecher.swarm.add(torrent, {
    storage: () => fileStorage(torrent, path),
    select: () => false,
    peers: [seed.addresses()]
  })
  const parts: Uint8Array[] = []
  for await (const part of transfer.read(torrent.files[1]!)) parts.push(part)
  const wanted = data.subarray(40 * kib, 64 * kib)
  expect(same(new Uint8Array(Buffer.concat(parts)), wanted)).toBe(true)
  const made = (name: string): boolean => existsSync(join(path, 'sample', name))
  expect([made('one'), made('three')]).toEqual([false, false])
  transfer.select(({ path: names }) => names.at(-1) === 'two')
  expect(transfer.progress).toMatchObject({ left: 0, wanted: 32 * kib, pieces: 2 })
  await transfer.stop()
  expect(same(new Uint8Array(await readFile(join(path, 'sample', 'two'))), wanted)).toBe(true)
})
