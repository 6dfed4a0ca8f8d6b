import { noise } from '@peerage/testbed'
import { describe, expect, test } from 'vitest'
import { browserStorage, indexedDbStorage, opfsStorage } from '../src/browser.ts'
import { resumeChecks, storageChecks } from '../src/storage-compliance.ts'
import { createSwarmNode, filled } from './nodes.ts'
import { storageWorker } from './support/ask-worker.ts'
import { kib, noiseTorrent, pieceChecker, piecesOf } from './support/torrents.ts'

const checks = [...storageChecks, ...resumeChecks]

describe('IndexedDB in a window', () => {
  test.each(checks)('$name', async ({ run }) => {
    await run((torrent, name) => indexedDbStorage(torrent, { name }))
  })
})

describe.each(['indexedDbStorage', 'opfsStorage', 'browserStorage'] as const)(
  '%s in a worker',
  (storage) => {
    const worker = storageWorker()

    test.each(checks)('$name', async ({ name: check }) => {
      expect(await worker.ask({ storage, check })).toBeUndefined()
    })
  }
)

describe('in a window', () => {
  test('the storage that is picked is a database', async () => {
    const { torrent } = await noiseTorrent({ a: 100 })
    const storage = await browserStorage(torrent, { name: 'picked' })
    await storage.close()
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).toContain(`picked ${torrent.id}`)
  })

  test('files are not written in place, and it is said what to do', async () => {
    const { torrent } = await noiseTorrent({ a: 100 })
    await expect(opfsStorage(torrent)).rejects.toThrow('or use indexedDbStorage')
  })
})

test('what was verified is believed after a sample; if that is wrong, all of it is hashed', async () => {
  const { torrent, data } = await noiseTorrent({ a: 40 * kib }, kib)
  const name = `sample${Math.random()}`
  const open = () => indexedDbStorage(torrent, { name })
  const first = await open()
  for (let piece = 0; piece < torrent.pieceCount; piece++) {
    await first.write(piece * kib, data.subarray(piece * kib, (piece + 1) * kib))
    await first.remember?.(piece)
  }
  await first.close()
  const second = await open()
  const few = pieceChecker(torrent, second)
  expect(piecesOf((await second.remembered?.(few.check))!)).toHaveLength(40)
  expect(few.checked.length).toBeLessThanOrEqual(8)
  await second.write(39 * kib, noise(kib, 9))
  await second.close()
  const third = await open()
  const all = pieceChecker(torrent, third)
  expect(piecesOf((await third.remembered?.(all.check))!)).toHaveLength(39)
  expect(new Set(all.checked).size).toBe(40)
  await third.close()
})

test('a transfer goes on where the page left it', async () => {
  const { torrent, data } = await noiseTorrent({ a: 1_000_000, 'b/c': 500_000 })
  const name = `transfer${Math.random()}`
  const giver = await createSwarmNode()
  await giver.swarm.seed(torrent, await filled(torrent, data), { rateLimits: { up: 4_000_000 } })
  const open = () => indexedDbStorage(torrent, { name })
  const options = { storage: open, peers: giver.addresses() }
  const before = await createSwarmNode()
  const first = await before.swarm.add(torrent, options)
  const some = new Promise<void>((resolve) => {
    first.addEventListener('piece:verify', () => {
      if (first.progress.pieces >= 10) resolve()
    })
  })
  await some
  await before.stop()
  const { pieces } = first.progress
  expect(pieces).toBeLessThan(torrent.pieceCount)

  const after = await createSwarmNode()
  const second = await after.swarm.add(torrent, options)
  expect(second.progress.pieces).toBeGreaterThanOrEqual(10)
  const kept = second.progress.pieces
  await second.done
  const fetched = second.sourcesOf().reduce((sum, source) => sum + source.pieces, 0)
  expect(fetched).toBe(torrent.pieceCount - kept)
  await second.stop()
  const storage = await open()
  expect(await storage.read(0, torrent.length)).toEqual(data)
  await storage.close()
})

describe('when the browser gives no more room', () => {
  const worker = storageWorker()

  test.each(['indexedDbStorage', 'opfsStorage'] as const)(
    '%s says so, keeps what was there, and goes on when it gives more',
    async (storage) => {
      const fill = 4 * kib * kib
      expect(await worker.ask({ storage, fill, quota: kib * kib })).toMatch(
        /^DiskFullError: .* the browser gives this site no more room; free some space$/
      )
      expect(await worker.ask({ storage, fill, quota: 4 * fill })).toBeUndefined()
    }
  )
})
