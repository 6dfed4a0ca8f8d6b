import { sha1 } from '@noble/hashes/legacy.js'

export interface AllowedFastInit {
  /** the peer's IPv4 address, 4 bytes; all of its /24 get the same pieces */
  ipv4: Uint8Array
  /** 20 bytes */
  infoHash: Uint8Array
  pieceCount: number
  /** how many pieces; fewer when there are not so many */
  count: number
}

/**
 * The pieces that a peer at this address may ask for while it is choked, so that it soon has
 * something to trade. They follow from the address, so coming again brings no others (BEP 6).
 */
export function allowedFast({ ipv4, infoHash, pieceCount, count }: AllowedFastInit): number[] {
  const pieces = new Set<number>()
  let hash = Uint8Array.of(ipv4[0]!, ipv4[1]!, ipv4[2]!, 0, ...infoHash)
  while (pieces.size < Math.min(count, pieceCount)) {
    hash = sha1(hash)
    const numbers = new DataView(hash.buffer, hash.byteOffset)
    for (let at = 0; at < hash.length && pieces.size < count; at += 4) {
      pieces.add(numbers.getUint32(at) % pieceCount)
    }
  }
  return [...pieces]
}
