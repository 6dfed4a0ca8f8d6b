import { fromHex, toHex } from './text.ts'

/**
 * The content id of an info-hash: `btih:` and 40 hexadecimal digits for version 1, and for version 2
 * `btmh:` and a multihash, `1220` (SHA2-256, 32 bytes) and 64.
 */
export function formatId(hash: Uint8Array): string {
  return hash.length === 20 ? `btih:${toHex(hash)}` : `btmh:1220${toHex(hash)}`
}

/** The info-hash in a content id, 20 or 32 bytes; undefined when it is none. */
export function readId(id: string): Uint8Array | undefined {
  const [, digits] = /^(?:btih:(?=.{40}$)|btmh:1220(?=.{64}$))(.*)$/i.exec(id) ?? []
  return digits === undefined ? undefined : fromHex(digits)
}
