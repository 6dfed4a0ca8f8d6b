import { describe, expect, test, vi } from 'vitest'
import {
  formatMagnet,
  memoryStorage,
  type AddOptions,
  type Torrent,
  type Transfer
} from '../src/index.ts'
import { tracker, trackers, type Tracker } from '../src/tracker.ts'
import { createSwarmNode, filled, type SwarmNode } from './nodes.ts'
import { kib, noiseTorrent } from './support/torrents.ts'
import { same } from './test-swarm.ts'

const [one, two, three] = [40 * kib, 24 * kib, 64 * kib]

/** A seed of three files; the first ends in the middle of the third piece, the second on an edge. */
async function album(): Promise<{ torrent: Torrent; data: Uint8Array; seed: SwarmNode }> {
  const { torrent, data } = await noiseTorrent({ one, two, three })
  const seed = await createSwarmNode()
  await seed.swarm.seed(torrent, await filled(torrent, data))
  return { torrent, data, seed }
}

async function fetching(
  options: Partial<AddOptions> & { link?: (torrent: Torrent) => string } = {}
): Promise<{ torrent: Torrent; data: Uint8Array; transfer: Transfer; completed: () => number }> {
  const { torrent, data, seed } = await album()
  const leecher = await createSwarmNode()
  const transfer = await leecher.swarm.add(options.link?.(torrent) ?? torrent, {
    storage: memoryStorage,
    peers: [seed.addresses()],
    ...options
  })
  let times = transfer.progress.state === 'seeding' ? 1 : 0
  transfer.addEventListener('transfer:complete', () => times++)
  return { torrent, data, transfer, completed: () => times }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

const named =
  (...names: string[]) =>
  ({ path }: { path: readonly string[] }): boolean =>
    names.includes(path.at(-1)!)

describe('a transfer of some files', () => {
  test('is done when they are here, and has fetched no other piece', async () => {
    const { transfer, completed } = await fetching({ select: named('two') })
    await transfer.done
    expect(transfer.progress).toMatchObject({
      state: 'seeding',
      pieces: 2,
      wanted: 32 * kib,
      left: 0,
      timeLeft: 0
    })
    expect(completed()).toBe(1)
  })

  test('goes on when more is chosen, and tells so each time that all of it is here', async () => {
    const { transfer, completed, torrent } = await fetching({ select: named('two') })
    await transfer.done
    transfer.select(named('three'))
    expect(transfer.progress).toMatchObject({ state: 'fetching', left: three })
    await vi.waitFor(() => {
      expect(transfer.progress.left).toBe(0)
    })
    transfer.select(() => true)
    await vi.waitFor(() => {
      expect(transfer.progress.pieces).toBe(torrent.pieceCount)
    })
    expect(completed()).toBe(3)
    transfer.select(named('one'))
    expect(completed()).toBe(3)
  })

  test('is done at once when there is nothing to fetch', async () => {
    const { transfer } = await fetching({ select: () => 'unwanted' })
    await transfer.done
    expect(transfer.progress).toMatchObject({ pieces: 0, wanted: 0, state: 'seeding' })
  })

  test('asks its sources again when more is wanted', async () => {
    const { torrent, seed } = await album()
    let asked = 0
    const leecher = await createSwarmNode({
      findPeers: () => {
        asked++
        return asked === 1 ? [] : [seed.addresses()]
      }
    })
    const select = () => false
    const transfer = await leecher.swarm.add(torrent, { storage: memoryStorage, select })
    await transfer.done
    expect(asked).toBe(0)
    transfer.select(named('one'))
    await vi.waitFor(() => {
      expect(asked).toBe(1)
    })
    transfer.select(() => false)
    transfer.select(() => true)
    await vi.waitFor(() => {
      expect(transfer.progress.left).toBe(0)
    })
  })

  test('tells trackers what is left of what is wanted', async () => {
    const { torrent, seed } = await album()
    const helper = await createSwarmNode({ services: { tracker: tracker() } })
    const counts = (helper.services as { tracker: Tracker }).tracker
    const member = await createSwarmNode({ findPeers: trackers([helper.addresses()]) })
    const select = named('two')
    const peers = [seed.addresses()]
    const transfer = await member.swarm.add(torrent, { storage: memoryStorage, select, peers })
    await transfer.done
    await vi.waitFor(() => {
      expect(counts.countsOf(torrent.infoHash)).toMatchObject({ complete: 1, incomplete: 0 })
    })
  })
})

describe('a magnet', () => {
  test('selects the files it names', async () => {
    const link = (torrent: Torrent) => formatMagnet({ ...torrent, select: [[1, 1]] })
    const { transfer } = await fetching({ link })
    await transfer.done
    expect(transfer.progress).toMatchObject({ pieces: 2, left: 0 })
  })

  test('selects what the user says, if that is something else, at the latest word', async () => {
    const link = (torrent: Torrent) => formatMagnet({ ...torrent, select: [[1, 1]] })
    const { transfer } = await fetching({ link, select: named('one'), order: 'sequential' })
    transfer.select(named('three'))
    await transfer.done
    expect(transfer.progress).toMatchObject({ pieces: 4, wanted: three })
  })

  test('whose files cannot be chosen from is stopped for that reason', async () => {
    const select = () => {
      throw new Error('no taste')
    }
    const { transfer } = await fetching({ link: formatMagnet, select })
    await expect(transfer.done).rejects.toThrow('no taste')
    await expect(fetching({ select })).rejects.toThrow('no taste')
  })

  test('selects anew while its storage is being opened', async () => {
    const opening = Promise.withResolvers<void>()
    const opened = Promise.withResolvers<void>()
    const { transfer } = await fetching({
      link: formatMagnet,
      select: named('one'),
      storage: async (torrent) => {
        opening.resolve()
        await opened.promise
        return memoryStorage(torrent)
      }
    })
    await opening.promise
    transfer.select(named('three'))
    opened.resolve()
    await transfer.done
    expect(transfer.progress.wanted).toBe(three)
  })
})

describe('reading', () => {
  test('a file nobody has chosen fetches it, and nothing else', async () => {
    const { transfer, torrent, data } = await fetching({ select: () => false })
    const [, file] = torrent.files
    const bytes = await collect(transfer.read(file!))
    expect(same(bytes, data.slice(one, one + two))).toBe(true)
    expect(transfer.progress).toMatchObject({ pieces: 2, wanted: 0, left: 0 })
  })

  test('ends with what it wanted when the reader goes away', async () => {
    const { transfer, torrent } = await fetching({ select: () => false })
    const [first] = torrent.files
    for await (const part of transfer.read(first!)) {
      expect(part.byteLength).toBe(16 * kib)
      break
    }
    expect(transfer.progress.wanted).toBe(0)
    const reader = transfer.stream(first!).getReader()
    await reader.read()
    expect(transfer.progress.wanted).toBe(48 * kib)
    await reader.cancel()
    expect(transfer.progress.wanted).toBe(0)
  })

  test('can be hurried, in a range that is in the file', async () => {
    const { transfer, torrent } = await fetching()
    const [first] = torrent.files
    transfer.hurry(first!, 1_000, { start: 20 * kib })
    transfer.hurry(first!, Infinity)
    transfer.hurry(first!, 0, { start: 7, end: 7 })
    expect(() => {
      transfer.hurry(first!, 0, { end: one + 1 })
    }).toThrow(RangeError)
    await transfer.done
  })
})
