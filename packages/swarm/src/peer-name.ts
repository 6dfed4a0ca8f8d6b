import type { PeerId } from '@libp2p/interface'

/** Twenty bytes as BitTorrent clients have them (BEP 20): the client, then some of the key. */
export function peerNameOf(self: PeerId): Uint8Array {
  const name = new Uint8Array(20)
  name.set(new TextEncoder().encode('-PG0100-'))
  name.set(self.toMultihash().bytes.slice(-12), 8)
  return name
}
