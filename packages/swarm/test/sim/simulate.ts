import { seededRandom, World } from '@peerage/testbed'
import type { PeerKey } from '@peerage/wire'
import type { MakeUploadPolicy } from '../../src/core/uploads/policies/policy.ts'
import type { TorrentVocabulary } from '../../src/core/vocabulary.ts'
import { fakeTorrent } from '../fake-torrent.ts'
import { measure, seedKey, sum, type SimResult, type SimRun } from './measure.ts'
import { SimPeer } from './peer.ts'
import type { Scenario } from './scenario.ts'
import { sizeOf } from './size-of.ts'

const nobody: MakeUploadPolicy = () => ({ slots: 0, serve: () => new Set() })

/** Lets a swarm of real cores run in virtual time, lines of 20 to 50 ms between all of them. */
export function simulate(scenario: Scenario, seed: number): SimResult {
  const { pieces, pieceLength, seedUp, classes, uploads, marks, within = 20_000 } = scenario
  const lines = new Map<PeerKey, number>([[seedKey, seedUp]])
  const chance = seededRandom(seed)
  const world = new World<TorrentVocabulary>({
    seed,
    latency: () => 20 + chance.below(31),
    bandwidth: (key) => ({ up: lines.get(key)!, down: Infinity })
  })
  const torrent = fakeTorrent({ length: pieces * pieceLength, pieceLength })
  const peers = new Map<PeerKey, SimPeer>()
  const join = (key: PeerKey, policy: MakeUploadPolicy | undefined): void => {
    const init = { key, torrent, random: world.random, seed: key === seedKey, uploads: policy }
    const peer = new SimPeer(init)
    world.add(key, peer, { work: (work) => peer.work(work), sizeOf, ...(marks && { marks }) })
    for (const other of peers.keys()) world.connect(key, other)
    peers.set(key, peer)
  }
  join(seedKey, uploads)
  for (const { name, count, up, rides, uploads: own = uploads } of classes) {
    for (let i = 0; i < count; i++) {
      lines.set(`${name}-${i}`, Math.max(up, rides ? 50_000 : 0))
      join(`${name}-${i}`, rides ? nobody : own)
    }
  }
  const run = runToTheEnd(world, peers, scenario, within * 1_000)
  return measure({ ...run, scenario, peers, end: world.now })
}

/** Until everybody has everything or time is over; who has, goes. */
function runToTheEnd(
  world: World<TorrentVocabulary>,
  peers: ReadonlyMap<PeerKey, SimPeer>,
  { pieces, pieceLength, seedLeaves = Infinity }: Scenario,
  end: number
): Pick<SimRun, 'times' | 'fromSeed'> {
  const times = new Map<PeerKey, number>()
  const leechers = [...peers.values()].filter(({ key }) => key !== seedKey)
  const most = seedLeaves * pieces * pieceLength
  const given = (): number[] => leechers.map((peer) => peer.received.get(seedKey) ?? 0)
  let fromSeed: number[] | undefined
  let seedHere = true
  while (times.size < leechers.length && world.now < end) {
    world.run({ until: world.now + 100 })
    for (const { key, whole } of leechers) {
      if (!whole || times.has(key)) continue
      fromSeed ??= given()
      times.set(key, world.now)
      world.kill(key)
    }
    if (seedHere && sum(given()) >= most) {
      seedHere = false
      world.kill(seedKey)
    }
  }
  return { times, fromSeed: fromSeed ?? given() }
}
