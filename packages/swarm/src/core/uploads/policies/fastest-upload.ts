import { limits } from '../../../limits.ts'
import { Optimistic } from './optimistic.ts'
import { longestWaiting, wanting, type MakeUploadPolicy, type UploadPeer } from './policy.ts'
import type { SeedPolicyInit } from './round-robin.ts'

/**
 * Serves whoever takes fastest, and one other by lot (libtorrent's `fastest_upload`): the most
 * leaves a seed with a wide line, and slow peers get little.
 */
export function fastestUpload({
  slots = limits.uploads.slots
}: SeedPolicyInit = {}): MakeUploadPolicy {
  return byRank(slots, (a, b) => b.upRate - a.upRate)
}

/** The first by `order`, then by the longest wait, and one other by lot. */
export function byRank(
  slots: number,
  order: (a: UploadPeer, b: UploadPeer) => number
): MakeUploadPolicy {
  return () => {
    const optimistic = new Optimistic()
    return {
      slots,
      serve: (round) => {
        const ranked = wanting(round.peers).sort((a, b) => order(a, b) || longestWaiting(a, b))
        const first = ranked.slice(0, slots - 1).map(({ peer }) => peer)
        return new Set([...first, ...optimistic.draw(round, ranked.slice(slots - 1), 1)])
      }
    }
  }
}
