import { Resolver } from 'node:dns/promises'
import { limits } from '../limits.ts'

/** The IP addresses of a name; rejects when it has none. Family 0 asks for both. */
export type Lookup = (name: string, family: 0 | 4 | 6, signal?: AbortSignal) => Promise<string[]>

/**
 * Asks the system's name servers. Not `dns.lookup`: it has no timeout, and a few slow names fill the
 * thread pool that reading files needs too.
 *
 * @param servers others to ask, as `address:port` @default those of the system
 */
export function systemLookup(servers?: string[]): Lookup {
  return async (name, family, signal) => {
    const resolver = new Resolver({ timeout: limits.lookupTimeout, tries: limits.lookupTries })
    if (servers !== undefined) resolver.setServers(servers)
    const cancel = (): void => resolver.cancel()
    signal?.addEventListener('abort', cancel)
    const asked = [
      ...(family === 6 ? [] : [resolver.resolve4(name)]),
      ...(family === 4 ? [] : [resolver.resolve6(name)])
    ]
    const answers = await Promise.allSettled(asked)
    signal?.removeEventListener('abort', cancel)
    const found = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    if (found.length === 0) throw new Error(`no address found for ${name}`)
    return found.slice(0, limits.maxAddressesPerName)
  }
}
