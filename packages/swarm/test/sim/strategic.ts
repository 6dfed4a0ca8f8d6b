import type { PeerKey } from '@peerage/wire'
import { wanting, type MakeUploadPolicy } from '../../src/core/uploads/policies/policy.ts'

/** bytes per second that nothing given counts as, for what comes back is divided by it */
const least = 1_000

/**
 * Gives to those that give most for it, and tries everybody: a client that is after its own download
 * alone (BitTyrant, Piatek et al. 2007), as far as whom to serve goes.
 */
export function strategic(slots: number): MakeUploadPolicy {
  return () => {
    /** rounds in which each peer was served and nothing came back */
    const inVain = new Map<PeerKey, number>()
    return {
      slots,
      serve: ({ peers, random }) => {
        const asking = wanting(peers).map(({ peer, served, downRate, upRate }) => {
          const rounds = downRate > 0 ? 0 : (inVain.get(peer) ?? 0) + (served ? 1 : 0)
          inVain.set(peer, rounds)
          // those of whom nothing is known come in any order
          return { peer, worth: downRate / (upRate + least) - rounds + random.below(1_000) / 1e6 }
        })
        asking.sort((a, b) => b.worth - a.worth)
        return new Set(asking.slice(0, slots).map(({ peer }) => peer))
      }
    }
  }
}
