import type { Libp2pOptions } from 'libp2p'
import { limits } from '../limits.ts'
import { systemLookup, type Lookup } from './system-lookup.ts'

/** A DNS client, as libp2p takes one in its `dns` option. */
export type Dns = NonNullable<Libp2pOptions['dns']>

/** DNS record types, RFC 1035 and 3596 */
const recordTypes = { 0: [1, 28], 4: [1], 6: [28] }

/** Asks the node's own DNS client if it has one, else the operating system's name servers. */
export function createLookup(dns?: Dns): Lookup {
  if (dns === undefined) return systemLookup()
  return async (name, family, signal) => {
    const types = recordTypes[family]
    const { Answer: answers } = await dns.query(name, { types, ...(signal && { signal }) })
    const found = answers.filter(({ type }) => types.includes(type)).map(({ data }) => data)
    if (found.length === 0) throw new Error(`no address found for ${name}`)
    return found.slice(0, limits.maxAddressesPerName)
  }
}

/** The family a multiaddr's name protocol asks for. */
export function familyOf(protocol: string): 0 | 4 | 6 {
  if (protocol === 'dns4') return 4
  return protocol === 'dns6' ? 6 : 0
}
