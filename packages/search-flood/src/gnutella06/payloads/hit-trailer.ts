import { WireError } from '@peerage/wire'
import { joined } from '../bytes.ts'
import { decodeGgep, ggepMagic, type GgepExtension } from '../ggep.ts'
import { encodeLatin1, readLatin1 } from '../text.ts'
import { decodeHitFlags, encodeHitFlags, type HitFlags } from './hit-flags.ts'

/** What a holder's client adds to a hit: the "extended query hit data" (draft §2.2.6). */
export interface HitTrailer {
  /** four characters, such as `GTKG` */
  readonly vendor: string
  /** undefined where the open data has no room for them */
  readonly flags: HitFlags | undefined
  /** open data after the flags: with LimeWire, two bytes that tell how much of the private is XML */
  readonly open: Uint8Array
  /** the client's own, with a GGEP block where the flags say so; see {@link privateGgep} */
  readonly private: Uint8Array
}

/** @throws WireError when the vendor is not four characters, or there are over 255 bytes of open data */
export function encodeHitTrailer(trailer: HitTrailer): Uint8Array {
  const flags = trailer.flags == null ? new Uint8Array(0) : encodeHitFlags(trailer.flags)
  const open = joined([flags, trailer.open])
  const vendor = encodeLatin1(trailer.vendor)
  if (vendor.byteLength !== 4) throw new WireError('a vendor code has four characters')
  if (open.byteLength > 255) throw new WireError('the open data of a hit is over 255 bytes')
  return joined([vendor, Uint8Array.of(open.byteLength), open, trailer.private])
}

export function decodeHitTrailer(bytes: Uint8Array): HitTrailer | WireError {
  const size = bytes[4]
  if (size == null || bytes.byteLength < 5 + size) {
    return new WireError("a hit's open data is cut short")
  }
  const open = bytes.slice(5, 5 + size)
  return {
    vendor: readLatin1(bytes.subarray(0, 4)),
    flags: size < 2 ? undefined : decodeHitFlags(open[0]!, open[1]!),
    open: size < 2 ? open : open.subarray(2),
    private: bytes.slice(5 + size)
  }
}

/**
 * The GGEP block in a hit's private data, which begins at the first magic byte: in front of it may
 * be what an old client has there (GGEP 0.51, "QHD Private Data").
 */
export function privateGgep({ flags, private: data }: HitTrailer): GgepExtension[] | WireError {
  const at = flags?.ggep === true ? data.indexOf(ggepMagic) : -1
  if (at === -1) return []
  const block = decodeGgep(data, at)
  return block instanceof WireError ? block : block.extensions
}
