import { limits } from '../../limits.ts'
import { longestWaiting, wanting, type MakeUploadPolicy, type UploadPeer } from './policy.ts'

const { quotaPieces, quotaTime } = limits.uploads

export interface SeedPolicyInit {
  /** peers served at a time @default 4 */
  slots?: number
}

/**
 * Serves in turn: whoever is served stays for twenty pieces and a minute, then it is the turn of
 * whoever has waited longest (libtorrent's `round_robin`). All get about the same.
 */
export function roundRobin({
  slots = limits.uploads.slots
}: SeedPolicyInit = {}): MakeUploadPolicy {
  return ({ pieceLength }) => {
    const quota = quotaPieces * pieceLength
    const turnOf = (now: number, peer: UploadPeer): number => {
      if (!peer.served) return 1
      const sated = peer.turnBytes >= quota && now - (peer.servedAt ?? now) >= quotaTime
      return sated ? 2 : 0
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
