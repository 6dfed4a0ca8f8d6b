import { limits } from '../../../limits.ts'
import { Optimistic } from './optimistic.ts'
import { wanting, type MakeUploadPolicy, type UploadPeer } from './policy.ts'
import { roundRobin } from './round-robin.ts'

export interface TitForTatInit {
  /** peers served at a time, the optimistic one included @default 4 */
  slots?: number
  /** whom to serve once we have everything, and nobody can give us anything @default roundRobin() */
  seeding?: MakeUploadPolicy
}

/**
 * Serves whoever gives most, and one other by lot (Cohen 2003, BEP 3). A peer that owes us blocks
 * and is silent has earned nothing, so that more slots go by lot while many are (anti-snubbing).
 */
export function titForTat(init: TitForTatInit = {}): MakeUploadPolicy {
  const { slots = limits.uploads.slots } = init
  const { seeding = roundRobin({ slots }) } = init
  return (torrent) => {
    const optimistic = new Optimistic()
    const seed = seeding(torrent)
    return {
      slots,
      serve: (round) => {
        if (round.seeding) return seed.serve(round)
        const asking = wanting(round.peers)
        const givers = best(asking, slots - 1)
        const others = asking.filter((peer) => !givers.includes(peer))
        const drawn = optimistic.draw(round, others, slots - givers.length)
        return new Set([...givers.map(({ peer }) => peer), ...drawn])
      }
    }
  }
}

function best(asking: readonly UploadPeer[], count: number): UploadPeer[] {
  return asking
    .filter((peer) => peer.downRate > 0 && !peer.snubbed)
    .sort((a, b) => b.downRate - a.downRate)
    .slice(0, count)
}
