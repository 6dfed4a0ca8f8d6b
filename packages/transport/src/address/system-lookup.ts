import { lookup } from 'node:dns/promises'
import { limits } from '../limits.ts'
import type { Lookup } from './lookup.ts'

/** Asks the operating system, hosts file included: what a TCP dial by name would have used. */
export const systemLookup: Lookup = async (name, family) => {
  const found = await lookup(name, { all: true, family })
  return found.slice(0, limits.maxAddressesPerName).map(({ address }) => address)
}
