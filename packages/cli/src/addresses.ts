import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** An address that says whose it is, so that nobody else can answer there. */
export function withPeer(address: Multiaddr, peer: PeerId | string): Multiaddr {
  const isNamed = address.getComponents().at(-1)?.name === 'p2p'
  return isNamed ? address : address.encapsulate(`/p2p/${peer}`)
}

/** Addresses others can be told, those on a network before this machine's own. */
export function outwardFirst(addresses: readonly Multiaddr[]): string[] {
  const texts = addresses.map(String)
  const isLocal = (text: string): boolean => /^\/ip4\/127\.|^\/ip6\/::1\//.test(text)
  return [...texts.filter((text) => !isLocal(text)), ...texts.filter(isLocal)]
}
