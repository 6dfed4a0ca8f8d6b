import { WireError } from '@peerage/wire'
import { encodeIp, readAddress, type Address } from '../address.ts'
import { joined, u16, u32, viewOf } from '../bytes.ts'
import { decodeExtensions, encodeExtensions, type Extension } from '../extensions.ts'
import { guidLength } from '../header.ts'

/** Asks a holder that takes no connections to make one, back along the way its hit came (draft §2.2.8). */
export interface Push {
  readonly type: 'push'
  /** 16 bytes: the holder, as its hit named it */
  readonly servent: Uint8Array
  /** the file, as the hit numbered it */
  readonly index: number
  /** where to connect to */
  readonly address: Address
  readonly extensions: readonly Extension[]
}

const pushLength = guidLength + 10

/** @throws WireError when the servent's GUID is no GUID */
export function encodePush({ servent, index, address, extensions }: Push): Uint8Array {
  if (servent.byteLength !== guidLength) throw new WireError(`a GUID has ${guidLength} bytes`)
  const fixed = [servent, u32(index), encodeIp(address.ip), u16(address.port)]
  return joined([...fixed, encodeExtensions(extensions)])
}

export function decodePush(bytes: Uint8Array): Push | WireError {
  if (bytes.byteLength < pushLength) return new WireError('a push is cut short')
  const extensions = decodeExtensions(bytes.subarray(pushLength))
  if (extensions instanceof WireError) return extensions
  return {
    type: 'push',
    servent: bytes.slice(0, guidLength),
    index: viewOf(bytes).getUint32(guidLength, true),
    address: readAddress(bytes, guidLength + 8, guidLength + 4),
    extensions
  }
}
