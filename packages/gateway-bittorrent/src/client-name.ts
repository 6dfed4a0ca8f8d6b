import type { PeerId } from '@libp2p/interface'

/**
 * The name a BitTorrent client sees for a libp2p peer: 20 bytes as clients have them (BEP 20), the
 * program and then some of the key. The same key has the same name, so what a client remembers of a
 * peer, a ban above all, follows the peer whatever it calls itself.
 */
export function clientName(peer: PeerId): Uint8Array {
  const name = new Uint8Array(20)
  name.set(new TextEncoder().encode('-PG0100-'))
  name.set(peer.toMultihash().bytes.slice(-12), 8)
  return name
}
