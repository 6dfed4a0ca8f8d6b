import { limits } from '../../../limits.ts'
import { longestWaiting, wanting, type MakeUploadPolicy, type UploadPeer } from './policy.ts'

const { longestTurn, quotaPieces, quotaTime } = limits.uploads

export interface SeedPolicyInit {
  /** peers served at a time @default 4 */
  slots?: number
}

/**
 * Serves in turn: whoever is served stays for four pieces and twenty seconds, then it is the turn of
 * whoever has waited longest (libtorrent's `round_robin`). Its twenty pieces and a minute are too
 * long for all to get the same from a slow line; turns of ten seconds scatter begun pieces.
 */
export function roundRobin({
  slots = limits.uploads.slots
}: SeedPolicyInit = {}): MakeUploadPolicy {
  return ({ pieceLength }) => {
    const quota = quotaPieces * pieceLength
    const turnOf = (now: number, peer: UploadPeer): number => {
      if (!peer.served) return 1
      const turn = now - (peer.servedAt ?? now)
      const sated = peer.turnBytes >= quota && turn >= quotaTime
      return sated || turn >= longestTurn ? 2 : 0
    }
    return {
      slots,
      serve: ({ now, peers }) => {
        const order = wanting(peers).sort(
          (a, b) => turnOf(now, a) - turnOf(now, b) || longestWaiting(a, b)
        )
        return new Set(order.slice(0, slots).map(({ peer }) => peer))
      }
    }
  }
}
