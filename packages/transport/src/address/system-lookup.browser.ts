import type { Lookup } from './lookup.ts'

/** Pages cannot look up names; the browser does it when it connects. */
export const systemLookup: Lookup = async (name) => {
  throw new Error(`a browser cannot look up ${name}`)
}
