import type {
  AbortOptions,
  ConnectionGater,
  Libp2p,
  MultiaddrResolveOptions,
  MultiaddrResolver,
  PeerId
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { DialFilter } from './dial-filter.ts'
import type { AddressExplanation, KnownAddress } from './explanation.ts'
import { limits } from './limits.ts'
import { insidesOf } from './node-components.ts'

type Finding = Pick<AddressExplanation, 'outcome' | 'rule' | 'reason'>

/** Goes the way of a dial for one address: lookup, transport, gater, and the dial itself. */
export async function tryAddress(
  node: Libp2p,
  peer: PeerId | undefined,
  { address, source }: KnownAddress,
  options: AbortOptions
): Promise<AddressExplanation> {
  const timeout = AbortSignal.timeout(limits.addressTimeout)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  const whole = withPeer(address, peer)
  const finding = (await findObstacle(node, whole, signal)) ?? (await dial(node, whole, signal))
  options.signal?.throwIfAborted()
  return { address: String(address), source, ...finding }
}

function withPeer(address: Multiaddr, peer: PeerId | undefined): Multiaddr {
  const named = address.getComponents().at(-1)?.name === 'p2p'
  return named || peer === undefined ? address : address.encapsulate(`/p2p/${peer.toString()}`)
}

/** What keeps libp2p from dialling an address at all, asked in libp2p's own order. */
async function findObstacle(
  node: Libp2p,
  address: Multiaddr,
  signal: AbortSignal
): Promise<Finding | undefined> {
  const insides = insidesOf(node)
  if (insides === undefined) {
    if (await node.isDialable(address, { signal })) return undefined
    return {
      outcome: 'denied',
      rule: 'gater',
      reason: 'no transport fits it, or the gater denies it'
    }
  }
  const { connectionGater, transportManager, dns } = insides.components
  const resolvers = Object.values(insides.resolvers)
  const log = node.logger.forComponent('peerage:transport:explain')
  const resolved = await resolve(address, resolvers, { signal, log, ...(dns && { dns }) })
  if (resolved.length === 0) {
    return { outcome: 'does not resolve', reason: 'the name leads to no address' }
  }
  const usable = resolved.filter((one) => transportManager.dialTransportForMultiaddr(one))
  if (usable.length === 0) {
    return { outcome: 'no transport', reason: 'no transport of this node can dial it' }
  }
  const denials = await Promise.all(usable.map((one) => findDenial(connectionGater, one)))
  return denials.includes(undefined) ? undefined : denials[0]
}

/** Names within names, as `dnsaddr` has them, stop at this depth. */
const maxDepth = 4

async function resolve(
  address: Multiaddr,
  resolvers: MultiaddrResolver[],
  options: MultiaddrResolveOptions,
  depth = 0
): Promise<Multiaddr[]> {
  const resolver = resolvers.find((one) => one.canResolve(address))
  if (resolver === undefined) return [address]
  if (depth === maxDepth) return []
  // a name without records rejects; to us that is no address
  const found = await resolver.resolve(address, options).catch(() => [])
  const deeper = found.map((one) => resolve(one, resolvers, options, depth + 1))
  return (await Promise.all(deeper)).flat()
}

async function findDenial(
  gater: ConnectionGater & Partial<Pick<DialFilter, 'whyDenied'>>,
  address: Multiaddr
): Promise<Finding | undefined> {
  if ((await gater.denyDialMultiaddr?.(address)) !== true) return undefined
  const denial = await gater.whyDenied?.(address)
  return {
    outcome: 'denied',
    rule: denial?.rule ?? 'gater',
    reason: denial?.detail ?? "the app's own connection gater denies it"
  }
}

async function dial(node: Libp2p, address: Multiaddr, signal: AbortSignal): Promise<Finding> {
  try {
    await node.dial(address, { signal })
    return { outcome: 'connected' }
  } catch (error) {
    return { outcome: 'failed', reason: describe(error, signal) }
  }
}

function describe(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `no answer within ${limits.addressTimeout / 1000} s`
  // one error per try; a name with several addresses brings one for each
  const first: unknown = error instanceof AggregateError ? error.errors.at(-1) : error
  const message = first instanceof Error ? first.message || first.name : String(first)
  return message.replaceAll(/\s+/g, ' ').trim()
}
