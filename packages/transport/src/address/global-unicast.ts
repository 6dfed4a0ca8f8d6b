import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { inRange, ipRange, parseIp } from './ip.ts'
import { globalIp6, localNames, specialIp4, specialIp6 } from './special-ranges.ts'

const refused = [...specialIp4, ...specialIp6].map(ipRange)
const global6 = ipRange(globalIp6)

/**
 * The parts of a multiaddr a transport may connect to. `sni` is one of them: with TLS the
 * WebSocket transport dials that name and not the address in front of it.
 */
const hostProtocols = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr', 'sni'])

/**
 * Whether an address leads to one host on the public Internet, judged by its text alone.
 *
 * An allow-list: what is not known to be global is refused, which closes the gaps of deny-lists
 * such as `isPrivate` in `@libp2p/utils` (NAT64, IPv4 inside IPv6, site local, Teredo, multicast,
 * `localhost.`). A name counts as global when it is a plain dotted host name outside the local
 * zones; what it resolves to has to be asked again afterwards, see {@link dialFilter}.
 *
 * @param address an IP address, a host name, a multiaddr or a multiaddr's text. In a multiaddr
 * every address and name has to be global, and there has to be one.
 */
export function isGlobalUnicast(address: string | Multiaddr): boolean {
  if (typeof address === 'string' && !address.startsWith('/')) return isGlobalHost(address)
  try {
    const hosts = hostsOf(typeof address === 'string' ? multiaddr(address) : address)
    return hosts.length > 0 && hosts.every(isGlobalHost)
  } catch {
    return false
  }
}

/** Every IP address and name in a multiaddr; a zone makes its address a local one. */
export function hostsOf(address: Multiaddr): string[] {
  const components = address.getComponents()
  const zoned = components.some(({ name }) => name === 'ip6zone')
  return components
    .filter(({ name }) => hostProtocols.has(name))
    .map(({ value }) => `${value ?? ''}${zoned ? '%' : ''}`)
}

/** Whether one IP address or name is global. */
export function isGlobalHost(host: string): boolean {
  const ip = parseIp(host)
  if (ip === undefined) return isGlobalName(host)
  if (ip.width === 128 && !inRange(ip, global6)) return false
  return !refused.some((range) => inRange(ip, range))
}

/**
 * Plain ASCII labels only: a URL parser turns `127%2e1`, `x@127.0.0.1` and full-width digits into
 * addresses. A last label that starts like a number is an address to `getaddrinfo` (`127.1`).
 */
function isGlobalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/.test(name)) return false
  const last = name.slice(name.lastIndexOf('.') + 1)
  return !localNames.has(last) && !/^(\d+|0x[0-9a-f]*)$/.test(last)
}
