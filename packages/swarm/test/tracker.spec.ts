import { manualClock, type ManualClock } from '@peerage/testbed'
import { memory } from '@libp2p/memory'
import { noise as encrypt } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { createEndpoint, lengthPrefixed, type EndpointComponents } from '@peerage/wire'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { formatMagnet, memoryStorage, type Torrent } from '../src/index.ts'
import {
  TRACKER_PROTOCOL,
  tracker,
  TrackerClient,
  TrackerError,
  trackers,
  type Counts,
  type Tracker,
  type TrackerClientComponents,
  type TrackerInit
} from '../src/tracker.ts'
import { trackerCodec } from '../src/tracker/codec.ts'
import type { TrackerMessage } from '../src/tracker/messages.ts'
import { createSwarmNode, filled, makeTorrent, type SwarmNode } from './nodes.ts'

const nowhere = multiaddr('/ip4/127.0.0.1/tcp/1').bytes
let made = 0

async function startNode<T extends Record<string, unknown>>(services: {
  [K in keyof T]: (components: never) => T[K]
}) {
  const node = await createLibp2p({
    addresses: { listen: [`/memory/tracker-${made++}`] },
    transports: [memory()],
    connectionEncrypters: [encrypt()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 100 },
    connectionMonitor: { enabled: false },
    services: services as never
  })
  onTestFinished(async () => {
    await node.stop()
  })
  return { node, services: node.services as unknown as T }
}

async function startTracker(
  init: TrackerInit = {}
): Promise<{ tracker: Tracker; at: Multiaddr[]; stop: () => Promise<void> }> {
  const { node, services } = await startNode<{ tracker: Tracker }>({ tracker: tracker(init) })
  return {
    tracker: services.tracker,
    at: node.getMultiaddrs(),
    stop: async () => {
      await node.stop()
    }
  }
}

async function startClient(): Promise<TrackerClient> {
  const make = (components: TrackerClientComponents): TrackerClient => new TrackerClient(components)
  const { services } = await startNode<{ client: TrackerClient }>({ client: make })
  return services.client
}

/** A node that speaks to trackers and takes part in what it is given. */
async function createMember(at: Multiaddr[][], clock?: ManualClock): Promise<SwarmNode> {
  return createSwarmNode({ findPeers: trackers(at, clock && { clock }) })
}

/** Resolves when the tracker has heard of it. */
async function counted(at: Tracker, { infoHash }: Torrent, counts: Partial<Counts>): Promise<void> {
  await vi.waitFor(() => {
    expect(at.countsOf(infoHash)).toMatchObject(counts)
  })
}

describe('a tracker', () => {
  test('brings together peers that know nothing but the tracker and a magnet', async () => {
    const { torrent, content } = await makeTorrent(200_000)
    const { tracker: helper, at } = await startTracker()
    const seed = await createMember([at])
    await seed.swarm.seed(torrent, await filled(torrent, content))
    await counted(helper, torrent, { complete: 1, incomplete: 0, downloaded: 0 })
    const leecher = await createMember([at])
    const link = formatMagnet({ infoHash: torrent.infoHash })
    const transfer = await leecher.swarm.add(link, { storage: memoryStorage })
    expect((await transfer.done).id).toBe(torrent.id)
    await counted(helper, torrent, { complete: 2, incomplete: 0, downloaded: 1 })
  })

  test('is told when a torrent leaves, and by a seed not that it is complete', async () => {
    const { torrent, content } = await makeTorrent(100_000)
    const { tracker: helper, at } = await startTracker()
    const seed = await createMember([at])
    const transfer = await seed.swarm.seed(torrent, await filled(torrent, content))
    await counted(helper, torrent, { complete: 1, downloaded: 0 })
    await transfer.stop()
    expect(helper.size).toEqual({ swarms: 0, peers: 0, entries: 0 })
  })

  test('never hears of a private torrent', async () => {
    const { torrent, content } = await makeTorrent(100_000)
    const { torrent: open } = await makeTorrent(100_001)
    const secret: Torrent = { ...torrent, private: true }
    const { tracker: helper, at } = await startTracker()
    const node = await createMember([at])
    await node.swarm.seed(secret, await filled(torrent, content))
    // announced after it, one by one: when this one is there, the other will not come
    await node.swarm.add(open, { storage: memoryStorage })
    await counted(helper, open, { incomplete: 1 })
    expect(helper.countsOf(torrent.infoHash)).toBeUndefined()
  })

  test('takes over from one that does not answer, and is told of the goodbye', async () => {
    const { torrent } = await makeTorrent(100_000)
    const gone = await startTracker()
    await gone.stop()
    const { tracker: helper, at } = await startTracker()
    const node = await createMember([gone.at, at])
    const transfer = await node.swarm.add(torrent, { storage: memoryStorage })
    await counted(helper, torrent, { incomplete: 1 })
    await transfer.stop()
    expect(helper.size.entries).toBe(0)
  })

  test('is asked again when it comes back, and after each interval', async () => {
    const { torrent } = await makeTorrent(100_000)
    const time = manualClock()
    const asked: string[] = []
    const { at } = await fakeTracker((event) => {
      asked.push(event)
      return asked.length === 1 ? 'refused' : 'announced'
    })
    const node = await createMember([at], time)
    const transfer = await node.swarm.add(torrent, { storage: memoryStorage })
    await vi.waitFor(() => {
      expect(time.pending).toBeGreaterThan(0)
      expect(asked).toEqual(['started'])
    })
    await vi.waitFor(async () => {
      await time.advance(15_000)
      expect(asked.length).toBeGreaterThan(1)
    })
    expect(asked).toEqual(['started', 'started'])
    await vi.waitFor(async () => {
      await time.advance(60_000)
      expect(asked.length).toBeGreaterThan(2)
    })
    expect(asked[2]).toBe('none')
    await transfer.stop()
    expect(asked.at(-1)).toBe('stopped')
  })

  test('counts for whoever asks, and knows nothing of other torrents', async () => {
    const { torrent, content } = await makeTorrent(100_000)
    const { tracker: helper, at } = await startTracker()
    const seed = await createMember([at])
    await seed.swarm.seed(torrent, await filled(torrent, content))
    await counted(helper, torrent, { complete: 1 })
    const client = await startClient()
    const counts = await client.scrape(at, [torrent.infoHash, new Uint8Array(20)])
    expect([...counts.values()]).toEqual([{ complete: 1, incomplete: 0, downloaded: 0 }])
    await expect(client.scrape(at, Array(65).fill(torrent.infoHash))).rejects.toThrow(RangeError)
  })

  test('that says no is heard', async () => {
    const { at } = await fakeTracker(() => 'refused')
    const client = await startClient()
    const infoHash = new Uint8Array(20)
    const refused = client.announce(at, { infoHash })
    await expect(refused).rejects.toThrow(TrackerError)
    await expect(refused).rejects.toThrow('go away')
  })

  test('that names a peer no key could have is believed in all else', async () => {
    const { at } = await fakeTracker(() => 'announced')
    const client = await startClient()
    const answer = await client.announce(at, { infoHash: new Uint8Array(20) })
    expect(answer).toEqual({ interval: 60_000, complete: 0, incomplete: 0, peers: [] })
  })

  test('that answers another question is not believed', async () => {
    const { at } = await fakeTracker(() => 'announced')
    const client = await startClient()
    await expect(client.scrape(at, [new Uint8Array(20)])).rejects.toThrow(TrackerError)
  })

  test('asked by whoever speaks nonsense goes on for the others', async () => {
    const { tracker: helper, at } = await startTracker()
    const raw = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes }
    const make = (components: EndpointComponents) =>
      createEndpoint(components, { protocol: TRACKER_PROTOCOL, framing: lengthPrefixed(raw) })
    const { services } = await startNode<{ raw: ReturnType<typeof make> }>({ raw: make })
    await expect(services.raw.request(at, new Uint8Array([100]))).rejects.toThrow()
    const client = await startClient()
    const { incomplete } = await client.announce(at, { infoHash: new Uint8Array(20), left: 1 })
    expect(incomplete).toBe(1)
    expect(helper.size.entries).toBe(1)
  })
})

/** A tracker that answers as the test wants; events come as `none` when there is none. */
async function fakeTracker(
  answer: (event: string) => 'refused' | 'announced'
): Promise<{ at: Multiaddr[] }> {
  const fake = (components: EndpointComponents) =>
    createEndpoint(components, {
      protocol: TRACKER_PROTOCOL,
      framing: lengthPrefixed(trackerCodec),
      onRequest: (request): TrackerMessage => {
        const event = request.type === 'announce' ? request.event : undefined
        if (answer(event ?? 'none') === 'refused') return { type: 'refused', reason: 'go away' }
        const peers = [{ id: 'nobody', addresses: [nowhere] }]
        return { type: 'announced', interval: 60_000, complete: 0, incomplete: 0, peers }
      }
    })
  const { node } = await startNode<{ fake: ReturnType<typeof fake> }>({ fake })
  return { at: node.getMultiaddrs() }
}
