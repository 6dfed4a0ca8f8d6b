import type { MultiaddrResolver } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { isGlobalHost } from './global-unicast.ts'
import { parseIp } from './ip.ts'
import { familyOf } from './lookup.ts'
import type { Lookup } from './system-lookup.ts'

const names = new Set(['dns', 'dns4', 'dns6'])
const tls = new Set(['tls', 'wss'])

/**
 * Turns names into addresses before a dial, so that the dial filter sees what will be dialled and
 * the name cannot mean something else a moment later.
 *
 * Addresses with TLS keep their name, which the certificate is checked against; local names keep
 * theirs too, for the dial filter to refuse.
 */
export function nameResolver(lookup: Lookup): MultiaddrResolver {
  return {
    canResolve: (address) => {
      const name = nameOf(address)
      return name !== undefined && !hasTls(address) && isGlobalHost(name.value)
    },
    resolve: async (address, options) => {
      const name = nameOf(address)
      if (name === undefined) return [address]
      try {
        const found = await lookup(name.value, familyOf(name.protocol), options.signal)
        return found.map((ip) => withHost(address, ip))
      } catch {
        // one dead name must not end the dial of a peer's other addresses
        return []
      }
    }
  }
}

/** A name some transport will look up, and the protocol that says which addresses it may have. */
export interface DialedName {
  protocol: string
  value: string
}

/** Every name in a multiaddr; `sni` is what the WebSocket transport dials under TLS. */
export function namesOf(address: Multiaddr): DialedName[] {
  return address
    .getComponents()
    .filter(({ name }) => names.has(name) || name === 'sni')
    .map(({ name, value = '' }) => ({ protocol: name, value }))
}

/** The name a multiaddr starts with. */
function nameOf(address: Multiaddr): DialedName | undefined {
  const first = address.getComponents()[0]
  if (first === undefined || !names.has(first.name)) return undefined
  return { protocol: first.name, value: first.value ?? '' }
}

function hasTls(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => tls.has(name))
}

function withHost(address: Multiaddr, host: string): Multiaddr {
  const [, ...rest] = address.getComponents()
  const family = parseIp(host)?.width === 32 ? 'ip4' : 'ip6'
  return multiaddr(`/${family}/${host}`).encapsulate(multiaddr(rest))
}
