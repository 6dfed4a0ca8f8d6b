import { manualClock, type ManualClock } from '@peerage/testbed'
import type { ContentRouting, Provider } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test, vi } from 'vitest'
import { dhtPeers, limits, torrentCid } from '../src/dht.ts'
import { Turns } from '../src/dht/turns.ts'
import { formatMagnet, memoryStorage, readInfo, TorrentError, type Torrent } from '../src/index.ts'
import { encodeBencode } from '../src/codec/bencode-encode.ts'
import {
  createSwarmNode,
  everyNth,
  filled,
  makeTorrent,
  sharePieces,
  type SwarmNode
} from './nodes.ts'

/** A DHT in one place: who provides what, and what was asked of it. */
class FakeDht {
  readonly asked: string[] = []
  readonly providers = new Map<string, Provider[]>()
  failing = 0
  readonly clock: ManualClock = manualClock()

  /** As a node sees it. @param self whom it notes down as provider */
  of(
    self?: () => SwarmNode
  ): Pick<ContentRouting, 'provide' | 'findProviders' | 'cancelReprovide'> {
    const { asked, providers } = this
    const failed = (): boolean => this.failing > 0 && this.failing-- > 0
    return {
      provide: async (cid) => {
        asked.push('provide')
        if (failed()) throw new Error('nobody is near')
        if (self == null) return
        const { peerId, addresses } = self()
        const record = { id: peerId, multiaddrs: addresses(), routing: 'fake' }
        providers.set(cid.toString(), [...(providers.get(cid.toString()) ?? []), record])
      },
      findProviders: async function* (cid) {
        asked.push('find')
        if (failed()) throw new Error('nobody is near')
        yield* providers.get(cid.toString()) ?? []
      },
      cancelReprovide: async () => {
        asked.push('cancel')
      }
    }
  }

  /** A node that looks for peers here. */
  async join(): Promise<SwarmNode> {
    const { clock } = this
    const contentRouting = this.of(() => node)
    const node = await createSwarmNode({ findPeers: dhtPeers({ contentRouting, clock }) })
    return node
  }

  async heard(...asked: string[]): Promise<void> {
    await vi.waitFor(() => {
      expect(this.asked).toEqual(asked)
    })
  }
}

const { every, firstRetry, renewEvery, walkTimeout, walks } = limits

describe('a torrent in the DHT', () => {
  test('is noted by a seed, and found by who has the magnet alone', async () => {
    const dht = new FakeDht()
    const { torrent, content } = await makeTorrent(200_000)
    const seed = await dht.join()
    await seed.swarm.seed(torrent, await filled(torrent, content))
    await dht.heard('provide')
    const leecher = await dht.join()
    const link = formatMagnet({ infoHash: torrent.infoHash })
    const transfer = await leecher.swarm.add(link, { storage: memoryStorage })
    await transfer.done
    // it has all of it, and says so at once
    await dht.heard('provide', 'find', 'provide')
  })

  test('is looked for while something is lacking, and noted once some of it is here', async () => {
    const dht = new FakeDht()
    const { torrent, content } = await makeTorrent()
    const node = await dht.join()
    await node.swarm.add(torrent, { storage: memoryStorage })
    await dht.heard('find')
    await dht.clock.advance(firstRetry)
    await dht.heard('find', 'find')
    const { torrent: other } = await makeTorrent(300_000)
    const half = await sharePieces(node, other, content, everyNth(other, 2, 0))
    await dht.heard('find', 'find', 'provide', 'find')
    await half.stop()
    await dht.heard('find', 'find', 'provide', 'find', 'cancel')
  })

  test('is looked for soon again while nobody is found, then each minute', async () => {
    const dht = new FakeDht()
    const { torrent } = await makeTorrent()
    const node = await dht.join()
    await node.swarm.add(torrent, { storage: memoryStorage })
    let finds = 1
    for (const wait of [firstRetry, 2 * firstRetry, 4 * firstRetry, 8 * firstRetry, every, every]) {
      await dht.heard(...Array.from({ length: finds }, () => 'find'))
      await dht.clock.advance(wait - 1)
      expect(dht.asked).toHaveLength(finds)
      await dht.clock.advance(1)
      finds++
    }
  })

  test('is noted again before the record fades, and soon when it could not be', async () => {
    const dht = new FakeDht()
    dht.failing = 1
    const { torrent, content } = await makeTorrent(200_000)
    const seed = await dht.join()
    const seeding = await seed.swarm.seed(torrent, await filled(torrent, content))
    await dht.heard('provide')
    await dht.clock.advance(every)
    await dht.heard('provide', 'provide')
    await dht.clock.advance(renewEvery - every)
    await dht.heard('provide', 'provide')
    await dht.clock.advance(2 * every)
    await dht.heard('provide', 'provide', 'provide')
    await seeding.stop()
    await dht.heard('provide', 'provide', 'provide', 'cancel')
    expect(dht.clock.pending).toBe(0)
  }, 20_000)

  test('is never told of when it is private', async () => {
    const dht = new FakeDht()
    const node = await dht.join()
    const info = encodeBencode({
      name: 'secret.bin',
      length: 40_000,
      'piece length': 65_536,
      pieces: new Uint8Array(20),
      private: 1
    })
    const torrent = readInfo(info) as Torrent
    expect(torrent).not.toBeInstanceOf(TorrentError)
    await node.swarm.seed(torrent, memoryStorage(torrent))
    await dht.clock.advance(every)
    expect(dht.asked).toEqual([])
  })

  test('that nobody answers for is given up, and looked for again', async () => {
    const dht = new FakeDht()
    const stuck: AbortSignal[] = []
    const contentRouting = {
      ...dht.of(),
      findProviders: async function* (_: unknown, { signal }: { signal?: AbortSignal } = {}) {
        stuck.push(signal!)
        await new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason as Error))
        })
        yield* [] as Provider[]
      }
    }
    const { clock } = dht
    const node = await createSwarmNode({ findPeers: dhtPeers({ contentRouting, clock }) })
    const { torrent } = await makeTorrent(200_000)
    const transfer = await node.swarm.add(torrent, { storage: memoryStorage })
    await vi.waitFor(() => {
      expect(stuck).toHaveLength(1)
    })
    await clock.advance(walkTimeout)
    expect(stuck[0]!.aborted).toBe(true)
    await clock.advance(every)
    await vi.waitFor(() => {
      expect(stuck).toHaveLength(2)
    })
    await transfer.stop()
    expect([stuck[1]!.aborted, clock.pending]).toEqual([true, 0])
  })

  test('is told of peers by their addresses, with their id, or by their id alone', async () => {
    const dht = new FakeDht()
    const { peerId: id } = await createSwarmNode()
    const bare = multiaddr('/ip4/127.0.0.1/tcp/1')
    const whole = bare.encapsulate(`/p2p/${id.toString()}`)
    const infoHash = new Uint8Array(20)
    const records = [[bare], [whole], []].map((multiaddrs) => ({ id, multiaddrs, routing: 'fake' }))
    dht.providers.set(torrentCid(infoHash).toString(), records)
    const source = dhtPeers({ contentRouting: dht.of() })
    const log = Object.assign(() => {}, {
      error() {},
      trace() {},
      enabled: false,
      newScope: () => log
    })
    const follow = source.open({ logger: { forComponent: () => log } } as never)
    const enough = new AbortController()
    const found: unknown[] = []
    const torrent = {
      infoHash,
      has: () => false,
      left: () => 1,
      turned: () => new Promise<void>(() => {})
    }
    for await (const peer of follow(torrent, { signal: enough.signal })) {
      found.push(String(peer))
      if (found.length === 3) break
    }
    expect(found).toEqual([String(whole), String(whole), String(id)])
    expect(() => dhtPeers().open({ logger: { forComponent: () => log } } as never)).toThrow(
      'kadDHT()'
    )
  })
})

test('the DHT knows a torrent by SHA-256 of its info-hash', () => {
  const infoHash = Uint8Array.from({ length: 20 }, (_, i) => i)
  expect(torrentCid(infoHash).toString()).toBe(
    'bafkreihhv27vo73aiexqgewuildquh5gcsgasc7vxk2ajsxmffecvz3z5a'
  )
})

test('so many walks are under way at a time, and no more', async () => {
  const turns = new Turns(walks)
  const ends = await Promise.all(Array.from({ length: walks }, () => turns.take()))
  let more = false
  const next = turns.take().then((end) => {
    more = true
    return end
  })
  await Promise.resolve()
  expect(more).toBe(false)
  ends[0]!()
  ;(await next)()
  expect(more).toBe(true)
})
