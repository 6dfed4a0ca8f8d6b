import { limits } from '../../../limits.ts'
import { byRank } from './fastest-upload.ts'
import type { MakeUploadPolicy, UploadPeer, UploadTorrent } from './policy.ts'
import type { SeedPolicyInit } from './round-robin.ts'

/**
 * Serves those who have just begun and those who are nearly done, and one other by lot
 * (libtorrent's `anti_leech`): the ones will give soon, the others make room. What a peer had from
 * us it has, whatever it says.
 */
export function antiLeech({ slots = limits.uploads.slots }: SeedPolicyInit = {}): MakeUploadPolicy {
  return (torrent) => byRank(slots, (a, b) => edge(torrent, b) - edge(torrent, a))(torrent)
}

/** How far a peer is from the middle of its download, in bytes. */
function edge({ length }: UploadTorrent, { hasBytes, givenBytes }: UploadPeer): number {
  return Math.abs(Math.max(hasBytes, givenBytes) - length / 2)
}
