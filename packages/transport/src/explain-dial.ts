import type { AbortOptions, Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { isMultiaddr, multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { InvalidTargetError } from './errors.ts'
import { tryAddress } from './explain-address.ts'
import { conclude } from './explain-verdict.ts'
import type {
  AddressExplanation,
  DialExplanation,
  DialTarget,
  KnownAddress
} from './explanation.ts'
import { limits } from './limits.ts'
import { insidesOf } from './node-components.ts'

/**
 * Says why a peer can or cannot be dialled: every address known for it, and for each whether a
 * transport is missing, the dial filter denied it, or which error the dial ended with.
 *
 * Addresses are really dialled, one after the other until one works; that connection is kept.
 *
 * @param node best one made by `createNode`; of others less is known
 * @param options.signal ends the explaining; each address has 3 s of its own
 * @throws InvalidTargetError when a text is neither a peer id nor a multiaddr
 */
export async function explainDial(
  node: Libp2p,
  target: DialTarget,
  options: AbortOptions = {}
): Promise<DialExplanation> {
  const { peer, address } = parseTarget(target)
  const about = { target: String(target), ...(peer && { peer: peer.toString() }) }
  if (peer?.equals(node.peerId)) return { ...about, ...conclude('self', []), addresses: [] }

  const [connection] = peer === undefined ? [] : node.getConnections(peer)
  if (connection !== undefined) {
    const open = String(connection.remoteAddr)
    const addresses: AddressExplanation[] = [
      { address: open, source: 'connection', outcome: 'connected' }
    ]
    return { ...about, ...conclude('connected', addresses), addresses }
  }

  const gater = insidesOf(node)?.components.connectionGater
  if (peer !== undefined && (await gater?.denyDialPeer?.(peer)) === true) {
    return { ...about, ...conclude('peer denied', []), addresses: [] }
  }
  const known = await knownAddresses(node, peer, address, options)
  const addresses = await tryAll(node, peer, known, options)
  return { ...about, ...conclude(undefined, addresses), addresses }
}

/** One after the other: libp2p joins dials of one peer that run at the same time. */
async function tryAll(
  node: Libp2p,
  peer: PeerId | undefined,
  known: KnownAddress[],
  options: AbortOptions
): Promise<AddressExplanation[]> {
  const tried: AddressExplanation[] = []
  for (const one of known.slice(0, limits.maxExplained)) {
    options.signal?.throwIfAborted()
    tried.push(await tryAddress(node, peer, one, options))
    if (tried.at(-1)?.outcome === 'connected') break
  }
  return [...tried, ...known.slice(tried.length).map(notTried)]
}

function notTried({ address, source }: KnownAddress): AddressExplanation {
  return { address: String(address), source, outcome: 'not tried' }
}

function parseTarget(target: DialTarget): { peer?: PeerId; address?: Multiaddr } {
  try {
    if (typeof target === 'string' && !target.startsWith('/'))
      return { peer: peerIdFromString(target) }
    if (typeof target !== 'string' && !isMultiaddr(target)) return { peer: target }
    const address = multiaddr(target)
    const components = address.getComponents()
    const id = components.findLast(({ name }) => name === 'p2p')?.value
    const peer = id === undefined ? undefined : peerIdFromString(id)
    // a bare /p2p/… names a peer and no address
    if (peer !== undefined && components.length === 1) return { peer }
    return { address, ...(peer && { peer }) }
  } catch (cause) {
    throw new InvalidTargetError(
      `${String(target)} is neither a peer id nor a multiaddr: ` +
        'pass one like /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo…',
      { cause }
    )
  }
}

async function knownAddresses(
  node: Libp2p,
  peer: PeerId | undefined,
  given: Multiaddr | undefined,
  options: AbortOptions
): Promise<KnownAddress[]> {
  if (given !== undefined) return [{ address: given, source: 'given' }]
  if (peer === undefined) return []
  const stored = await node.peerStore.get(peer, options).catch(() => undefined)
  if (stored !== undefined && stored.addresses.length > 0) {
    return stored.addresses.map(({ multiaddr: address }) => ({ address, source: 'peer store' }))
  }
  // rejects when no routing is set up, or nobody knows the peer
  const routed = await node.peerRouting.findPeer(peer, options).catch(() => undefined)
  return (routed?.multiaddrs ?? []).map((address) => ({ address, source: 'peer routing' }))
}
