import { sameBytes } from './bytes.ts'
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

/** The info-hashes of a torrent, as far as they are known. */
export interface Hashes {
  /** 20 bytes: version 1's, or version 2's, cut */
  readonly infoHash: Uint8Array
  /** SHA-256, 32 bytes, of version 2 and of hybrids */
  readonly infoHashV2?: Uint8Array | undefined
}

/** What peers know a torrent by, 20 bytes each: of a hybrid both hashes, version 1's first (BEP 52). */
export function swarmHashes({ infoHash, infoHashV2 }: Hashes): Uint8Array[] {
  const cut = infoHashV2?.subarray(0, 20)
  return cut === undefined || sameBytes(cut, infoHash) ? [infoHash] : [infoHash, cut]
}
