import type { PeerKey } from '@peerage/wire'
import type { SimPeer } from './peer.ts'
import type { Scenario } from './scenario.ts'

export const seedKey = 'seed'

/** What came of a simulated swarm; times in seconds. */
export interface SimResult {
  /** no protocol can serve the last leecher before (Kumar & Ross 2006) */
  bound: number
  /** when the last of those who finished had everything */
  last: number
  mean: number
  /** mean time of each class */
  meanOf: Map<string, number>
  /** share of the leechers that finished */
  finished: number
  /** share of what the leechers' lines could have carried while they were there */
  utilisation: number
  /** copies of the file the seed gave */
  seedCopies: number
  /** Jain's index of what each leecher had from the seed when the first was done: 1 is all alike */
  seedJain: number
  /** share of what was received that was not needed */
  duplicates: number
}

export interface SimRun {
  scenario: Scenario
  peers: ReadonlyMap<PeerKey, SimPeer>
  /** when each leecher had everything, in milliseconds */
  times: ReadonlyMap<PeerKey, number>
  /** bytes each leecher had from the seed when the first leecher was done */
  fromSeed: readonly number[]
  /** virtual milliseconds */
  end: number
}

export function measure({ scenario, peers, times, end, fromSeed }: SimRun): SimResult {
  const length = scenario.pieces * scenario.pieceLength
  const leechers = [...peers.values()].filter(({ key }) => key !== seedKey)
  const secondsOf = ({ key }: SimPeer): number => (times.get(key) ?? end) / 1_000
  const seconds = leechers.map(secondsOf)
  const seeded = sum(leechers.map((peer) => peer.received.get(seedKey) ?? 0))
  const received = sum(leechers.flatMap((peer) => [...peer.received.values()]))
  const wasted = sum(leechers.map(({ core }) => core.progress(end).wasted))
  let sendable = 0
  const meanOf = new Map<string, number>()
  for (const { name, up, rides } of scenario.classes) {
    const group = leechers.filter(({ key }) => key.startsWith(`${name}-`)).map(secondsOf)
    meanOf.set(name, sum(group) / group.length)
    if (!rides) sendable += up * sum(group)
  }
  return {
    bound: bound(scenario, length),
    last: Math.max(...seconds),
    mean: sum(seconds) / seconds.length,
    meanOf,
    finished: times.size / leechers.length,
    utilisation: (received - seeded) / sendable,
    seedCopies: seeded / length,
    seedJain: jain(fromSeed),
    duplicates: wasted / received
  }
}

function bound({ seedUp, classes }: Scenario, length: number): number {
  const count = sum(classes.map((group) => group.count))
  const up = sum(classes.map((group) => (group.rides ? 0 : group.count * group.up)))
  return Math.max(length / seedUp, (count * length) / (seedUp + up))
}

function jain(shares: readonly number[]): number {
  return sum(shares) ** 2 / (shares.length * sum(shares.map((share) => share ** 2)))
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
