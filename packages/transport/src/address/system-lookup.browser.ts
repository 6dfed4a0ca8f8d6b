import type { Lookup } from './system-lookup.ts'

/** Pages cannot look up names; the browser does it when it connects. */
export function systemLookup(): Lookup {
  return async (name) => {
    throw new Error(`a browser cannot look up ${name}`)
  }
}
