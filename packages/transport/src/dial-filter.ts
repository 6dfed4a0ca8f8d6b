import type { ConnectionGater } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { hostsOf, isGlobalHost } from './address/global-unicast.ts'
import { parseIp } from './address/ip.ts'
import { createLookup, familyOf, type Dns } from './address/lookup.ts'
import { namesOf, type DialedName } from './address/name-resolver.ts'
import type { Lookup } from './address/system-lookup.ts'

/** Why an address was refused. */
export type DialRule =
  | 'local-address'
  | 'local-name'
  | 'resolves-to-local'
  | 'does-not-resolve'
  | 'no-host'
  | 'insecure-websocket'

/** One refused address, in words. */
export interface Denial {
  rule: DialRule
  detail: string
}

/** Part of a connection gater, which can also say why it refuses. */
export interface DialFilter extends ConnectionGater {
  denyDialMultiaddr(address: Multiaddr): Promise<boolean>
  /** what speaks against this address; `undefined` when nothing does */
  whyDenied(address: Multiaddr): Promise<Denial | undefined>
}

/** Options of {@link dialFilter}. */
export interface DialFilterInit {
  /** whom to ask for names @default the system's name servers */
  dns?: Dns
  /** ask at all; a browser cannot @default true */
  resolve?: boolean
  /** refuse WebSockets without TLS, which a secure page may not open @default false */
  secureOnly?: boolean
}

/**
 * Refuses to dial what is not on the public Internet: an allow-list of global unicast addresses.
 * Names are looked up and refused when any of their addresses is not global.
 */
export function dialFilter(init: DialFilterInit = {}): DialFilter {
  const lookup = createLookup(init.dns)

  const whyDenied = async (address: Multiaddr): Promise<Denial | undefined> => {
    const denial = judgeText(address)
    if (denial !== undefined) return denial
    if (init.secureOnly === true && isInsecureWebSocket(address)) {
      return {
        rule: 'insecure-websocket',
        detail: 'a secure page may only open WebSockets with TLS'
      }
    }
    if (init.resolve === false) return undefined
    const answers = await Promise.all(namesOf(address).map((name) => judgeName(name, lookup)))
    return answers.find((answer) => answer !== undefined)
  }

  return {
    whyDenied,
    denyDialMultiaddr: async (address) => (await whyDenied(address)) !== undefined
  }
}

/** What speaks against an address by its text alone; nothing does when it is fit to announce. */
export function judgeText(address: Multiaddr): Denial | undefined {
  const hosts = hostsOf(address)
  const local = hosts.find((host) => !isGlobalHost(host))
  if (local !== undefined) return judgeHost(local)
  if (hosts.length > 0 || isRelayed(address)) return undefined
  return { rule: 'no-host', detail: 'it holds no Internet address' }
}

function judgeHost(host: string): Denial {
  return parseIp(host.replace(/%$/, '')) === undefined
    ? { rule: 'local-name', detail: `${host} is not a public host name` }
    : { rule: 'local-address', detail: `${host} is not a public address` }
}

async function judgeName(name: DialedName, lookup: Lookup): Promise<Denial | undefined> {
  try {
    const addresses = await lookup(name.value, familyOf(name.protocol))
    const local = addresses.find((address) => !isGlobalHost(address))
    if (local === undefined) return undefined
    const detail = `${name.value} leads to ${local}, not a public address`
    return { rule: 'resolves-to-local', detail }
  } catch {
    return { rule: 'does-not-resolve', detail: `no address was found for ${name.value}` }
  }
}

/** Through a relay named by its peer id alone; the dial to the relay is judged by itself. */
function isRelayed(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => name === 'p2p-circuit')
}

function isInsecureWebSocket(address: Multiaddr): boolean {
  const protocols = new Set(address.getComponents().map(({ name }) => name))
  return protocols.has('ws') && !protocols.has('tls')
}
