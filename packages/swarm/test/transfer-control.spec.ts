import { manualClock } from '@peerage/testbed'
import { describe, expect, test, vi } from 'vitest'
import { ProgressTeller } from '../src/control/progress-teller.ts'
import { formatMagnet, memoryStorage, TransferStoppedError, type Transfer } from '../src/index.ts'
import { createSwarmNode, everyNth, filled, makeTorrent, sharePieces } from './nodes.ts'
import { same } from './test-swarm.ts'

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

/** A seed and a leecher that has begun. */
async function begun(): Promise<{ content: Uint8Array; transfer: Transfer; seeding: Transfer }> {
  const { torrent, content } = await makeTorrent()
  const [seed, leecher] = [await createSwarmNode(), await createSwarmNode()]
  const seeding = await seed.swarm.seed(torrent, await filled(torrent, content))
  const transfer = await leecher.swarm.add(torrent, {
    storage: memoryStorage,
    peers: [seed.addresses()]
  })
  return { content, transfer, seeding }
}

describe('a transfer', () => {
  test('reads a file as it comes, every byte right', async () => {
    const { content, transfer } = await begun()
    expect(transfer.progress.state).toBe('fetching')
    const read = await collect(transfer.read(transfer.torrent!.files[0]!))
    expect(same(read, content)).toBe(true)
  })

  test('reads a part of a file, across pieces, and not one byte beyond it', async () => {
    const { content, transfer } = await begun()
    const [file] = transfer.torrent!.files
    const part = await collect(transfer.read(file!, { start: 65_000, end: 200_001 }))
    expect(same(part, content.slice(65_000, 200_001))).toBe(true)
    const none = await collect(transfer.read(file!, { start: 7, end: 7 }))
    expect(none).toHaveLength(0)
    for (const range of [{ start: -1 }, { start: 9, end: 8 }, { end: file!.length + 1 }]) {
      await expect(collect(transfer.read(file!, range))).rejects.toThrow(RangeError)
    }
  })

  test('streams to the web, and reads no further once cancelled', async () => {
    const { content, transfer } = await begun()
    const [file] = transfer.torrent!.files
    const whole = await new Response(transfer.stream(file!)).arrayBuffer()
    expect(same(new Uint8Array(whole), content)).toBe(true)
    const reader = transfer.stream(file!, { start: 100 }).getReader()
    const { value } = await reader.read()
    expect(same(value!, content.slice(100, 100 + value!.length))).toBe(true)
    await reader.cancel()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })

  test('ends a read that waits when it is stopped, or when the reader gives up', async () => {
    const { torrent, content } = await makeTorrent()
    const node = await createSwarmNode()
    const transfer = await sharePieces(node, torrent, content, everyNth(torrent, 2, 0))
    const [file] = torrent.files
    const givingUp = new AbortController()
    const given = collect(transfer.read(file!, { signal: givingUp.signal }))
    givingUp.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    const waiting = collect(transfer.read(file!))
    const stopped = expect(waiting).rejects.toThrow(TransferStoppedError)
    await transfer.stop()
    await stopped
    await expect(collect(transfer.read(file!))).rejects.toThrow(TransferStoppedError)
  })

  test('of a magnet has no files to read before the metadata is here', async () => {
    const { torrent } = await makeTorrent()
    const node = await createSwarmNode()
    const link = formatMagnet({ infoHash: torrent.infoHash })
    const transfer = await node.swarm.add(link, { storage: memoryStorage })
    expect(() => transfer.read(torrent.files[0]!)).toThrow(RangeError)
  })

  test('stands still while it is paused, and finishes afterwards', async () => {
    const { transfer } = await begun()
    transfer.pause()
    const { pieces } = transfer.progress
    expect(transfer.progress.state).toBe('paused')
    await vi.waitFor(() => {
      expect(transfer.progress.peers).toBe(1)
    })
    expect(transfer.progress.pieces).toBe(pieces)
    transfer.resume()
    expect(transfer.progress.state).toBe('fetching')
    await transfer.done
  })

  test('held back by its own limit, or by that of the node, goes on when it is lifted', async () => {
    const { torrent, content } = await makeTorrent()
    const seed = await createSwarmNode()
    await seed.swarm.seed(torrent, await filled(torrent, content), { rateLimits: { up: 0 } })
    const leecher = await createSwarmNode({ rateLimits: { down: 0 } })
    const transfer = await leecher.swarm.add(torrent, {
      storage: memoryStorage,
      peers: [seed.addresses()],
      rateLimits: { perPeer: { down: 0 } }
    })
    await vi.waitFor(() => {
      expect(transfer.progress.sources).toBe(1)
    })
    leecher.swarm.limitRates({})
    transfer.limitRates({})
    seed.swarm.transfers[0]!.limitRates({})
    await transfer.done
  })
})

test('progress is told at most so often, and the last of it always', async () => {
  const clock = manualClock()
  const told: number[] = []
  const teller = new ProgressTeller(clock, 200, () => told.push(clock.now()))
  for (let i = 0; i < 100; i++) {
    teller.changed()
    await clock.advance(5)
  }
  await clock.advance(1_000)
  expect(told).toEqual([0, 200, 400, 600])
  teller.changed()
  teller.changed()
  teller.stop()
  expect(clock.pending).toBe(0)
})
