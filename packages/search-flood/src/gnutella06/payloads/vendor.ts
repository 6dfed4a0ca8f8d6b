import { WireError } from '@peerage/wire'
import { joined, u16, viewOf } from '../bytes.ts'
import { encodeLatin1, readLatin1 } from '../text.ts'

/** A message of one client's making, such as `BEAR/4`, "hops flow": never passed on unless known. */
export interface VendorMessage {
  readonly type: 'vendor'
  /** whether it is of those all clients have agreed on (0x32, not 0x31) */
  readonly standard: boolean
  /** four characters, in the very case; four NULs ask for, or list, vendors */
  readonly vendor: string
  /** FFFF asks which messages of the vendor are known, FFFE answers */
  readonly selector: number
  readonly version: number
  readonly data: Uint8Array
}

const fixedLength = 8

/** @throws WireError when the vendor is not four characters */
export function encodeVendor({ vendor, selector, version, data }: VendorMessage): Uint8Array {
  const id = encodeLatin1(vendor)
  if (id.byteLength !== 4) throw new WireError('a vendor code has four characters')
  return joined([id, u16(selector), u16(version), data])
}

export function decodeVendor(bytes: Uint8Array, standard: boolean): VendorMessage | WireError {
  if (bytes.byteLength < fixedLength) return new WireError('a vendor message is cut short')
  const view = viewOf(bytes)
  return {
    type: 'vendor',
    standard,
    vendor: readLatin1(bytes.subarray(0, 4)),
    selector: view.getUint16(4, true),
    version: view.getUint16(6, true),
    data: bytes.slice(fixedLength)
  }
}
