import { isPeerId } from '@libp2p/interface'
import type { PeerKey } from '@peerage/wire'
import type { PeerAddress } from '../api.ts'

/** Whose address this is, when it says so. */
export function peerKeyOf(address: PeerAddress): PeerKey | undefined {
  if (isPeerId(address)) return address.toString()
  const [first] = [address].flat()
  // the last part: the ones before are a relay's
  const last = first?.getComponents().at(-1)
  return last?.name === 'p2p' ? last.value : undefined
}
