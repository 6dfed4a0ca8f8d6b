import { describe, expect, test, vi } from 'vitest'
import type { ComponentLogger, Metrics } from '@libp2p/interface'
import { DiskFullError, memoryStorage, type Storage, type Torrent } from '../src/index.ts'
import { createLiar, createSwarmNode, filled, makeTorrent } from './nodes.ts'

type Calculated = number | Record<string, number>

/** libp2p's metrics as far as they are reckoned when asked for, which is all a swarm needs. */
function registry(): { metrics: (components: { logger: ComponentLogger }) => Metrics; read: Read } {
  const calculations = new Map<string, () => Calculated | Promise<Calculated>>()
  const register = (name: string, options: { calculate?: () => Calculated } = {}): unknown => {
    if (options.calculate != null) {
      if (calculations.has(name)) throw new Error(`${name} is registered twice`)
      calculations.set(name, options.calculate)
    }
    return {
      increment() {},
      decrement() {},
      update() {},
      reset() {},
      observe() {},
      timer: () => {}
    }
  }
  const metrics = {
    trackMultiaddrConnection() {},
    trackProtocolStream() {},
    registerMetric: register,
    registerMetricGroup: register,
    registerCounter: register,
    registerCounterGroup: register,
    registerHistogram: register,
    registerHistogramGroup: register,
    registerSummary: register,
    registerSummaryGroup: register,
    traceFunction: (_: string, fn: unknown) => fn,
    createTrace() {}
  } as Metrics
  return {
    metrics: () => metrics,
    read: async (name) => calculations.get(`peerage_swarm_${name}`)!()
  }
}
type Read = (name: string) => Promise<Calculated>

describe('metrics', () => {
  test('count bytes, pieces, peers and channels, and keep the counts of what stopped', async () => {
    const { torrent, content } = await makeTorrent(300_000)
    const other = await makeTorrent(100_000)
    const [seeding, leeching] = [registry(), registry()]
    const seed = await createSwarmNode({ metrics: seeding.metrics })
    const leecher = await createSwarmNode({ metrics: leeching.metrics })
    await seed.swarm.seed(torrent, await filled(torrent, content))
    await seed.swarm.seed(other.torrent, await filled(other.torrent, other.content))
    expect(await seeding.read('transfers')).toEqual({ seeding: 2 })
    const peers = [seed.addresses()]
    const options = { storage: memoryStorage, peers }
    const transfer = await leecher.swarm.add(torrent, options)
    const second = await leecher.swarm.add(other.torrent, {
      ...options,
      rateLimits: { down: 0 }
    })
    await transfer.done
    expect(await leeching.read('bytes_total')).toEqual({ down: 300_000, up: 0, wasted: 0 })
    expect(await leeching.read('pieces_total')).toEqual({ verified: 5, rejected: 0 })
    await vi.waitFor(async () => {
      expect(await seeding.read('bytes_total')).toEqual({ down: 0, up: 300_000, wasted: 0 })
      expect(await leeching.read('channels')).toBe(1)
    })
    expect(await leeching.read('peers')).toBe(1)
    expect(await leeching.read('transfers')).toEqual({ seeding: 1, fetching: 1 })
    await transfer.stop()
    await second.stop()
    expect(await leeching.read('bytes_total')).toEqual({ down: 300_000, up: 0, wasted: 0 })
    expect(await leeching.read('transfers')).toEqual({})
    expect(await leeching.read('channels')).toBe(0)
  })

  test('count pieces that were wrong, and bans', async () => {
    const { torrent, content } = await makeTorrent(60_000)
    const liar = await createLiar(torrent, content)
    const { metrics, read } = registry()
    const victim = await createSwarmNode({ metrics })
    await victim.swarm.add(torrent, { storage: memoryStorage, peers: [liar.addresses()] })
    await vi.waitFor(async () => {
      expect(await read('bans_total')).toBe(1)
    })
    expect(await read('pieces_total')).toMatchObject({ verified: 0 })
    const { rejected } = (await read('pieces_total')) as Record<string, number>
    expect(rejected).toBeGreaterThan(0)
    const { wasted } = (await read('bytes_total')) as Record<string, number>
    expect(wasted).toBe(rejected! * 60_000)
  })

  test('count disks that fail', async () => {
    const { torrent, content } = await makeTorrent(60_000)
    const seed = await createSwarmNode()
    await seed.swarm.seed(torrent, await filled(torrent, content))
    const { metrics, read } = registry()
    const leecher = await createSwarmNode({ metrics })
    const full = (of: Torrent): Storage => ({
      ...memoryStorage(of),
      write: async () => {
        throw new DiskFullError('no room')
      }
    })
    await leecher.swarm.add(torrent, { storage: full, peers: [seed.addresses()] })
    await vi.waitFor(async () => {
      expect(await read('disk_errors_total')).toBe(1)
    })
    expect(await read('transfers')).toEqual({ 'disk-failed': 1 })
  })
})
