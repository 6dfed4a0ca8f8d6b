import { expect, it } from 'vitest'
import { torrentOf } from '../src/index.ts'
import { TorrentError } from '../src/errors.ts'

it('a torrent of bytes comes with the storage that holds them', async () => {
  const bytes = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251)
  const { torrent, storage } = await torrentOf('ramp.bin', bytes)
  expect(torrent).toMatchObject({ name: 'ramp.bin', length: 40_000 })
  expect(await storage.read(0, bytes.length)).toEqual(bytes)
})

it('a torrent of bytes takes no name that leaves its folder', async () => {
  await expect(torrentOf('../up', new Uint8Array(1))).rejects.toThrow(TorrentError)
})
