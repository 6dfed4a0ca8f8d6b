import { WireError } from '@peerage/wire'
import { decodeBase32, encodeBase32 } from './base32.ts'
import { joined } from './bytes.ts'

/** The hashes a file goes by (HUGE 0.94 §2.3). */
export interface FileHash {
  /** 20 bytes */
  readonly sha1: Uint8Array
  /** 24 bytes, the root of the tree hash; with it the name is a bitprint */
  readonly tigerTree?: Uint8Array | undefined
}

const sha1Length = 20
const tigerLength = 24

/** `urn:sha1:…`, or `urn:bitprint:….…` where the tree hash is known. */
export function formatUrn({ sha1, tigerTree }: FileHash): string {
  const name = encodeBase32(sha1)
  return tigerTree == null ? `urn:sha1:${name}` : `urn:bitprint:${name}.${encodeBase32(tigerTree)}`
}

/** Base 32 digits of a SHA-1, and of a tree hash; case does not matter. */
const sha1Urn = /^urn:sha1:([a-z2-7]{32})$/i
const bitprintUrn = /^urn:bitprint:([a-z2-7]{32})\.([a-z2-7]{39})$/i

/** The hashes in a URN. `urn:` alone, and kinds not known here, name no file: an error. */
export function parseUrn(urn: string): FileHash | WireError {
  const [, only] = sha1Urn.exec(urn) ?? []
  if (only != null) return { sha1: decodeBase32(only)! }
  const [, sha1, tiger] = bitprintUrn.exec(urn) ?? []
  const tigerTree = tiger == null ? undefined : decodeBase32(tiger)
  if (sha1 == null || tigerTree == null) return new WireError('a URN names no file by its SHA-1')
  return { sha1: decodeBase32(sha1)!, tigerTree }
}

/** The kinds of the GGEP extension `H`, which carries the same in binary. */
const kind = { sha1: 1, bitprint: 2 }

/** The data of a GGEP extension `H`. */
export function encodeHashExtension({ sha1, tigerTree }: FileHash): Uint8Array {
  if (tigerTree == null) return joined([Uint8Array.of(kind.sha1), sha1])
  return joined([Uint8Array.of(kind.bitprint), sha1, tigerTree])
}

/** What the data of a GGEP extension `H` says. */
export function decodeHashExtension(data: Uint8Array): FileHash | WireError {
  const sha1 = data.slice(1, 1 + sha1Length)
  const tigerTree = data.slice(1 + sha1Length)
  if (data[0] === kind.sha1 && data.byteLength === 1 + sha1Length) return { sha1 }
  if (data[0] === kind.bitprint && tigerTree.byteLength === tigerLength) return { sha1, tigerTree }
  return new WireError('a GGEP extension "H" carries no hash that is known')
}
