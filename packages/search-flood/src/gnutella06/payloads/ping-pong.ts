import { WireError } from '@peerage/wire'
import { encodeIp, readAddress, type Address } from '../address.ts'
import { joined, u16, u32, viewOf } from '../bytes.ts'
import { decodeExtensions, encodeExtensions, type Extension } from '../extensions.ts'

/** "Who is there?" (draft §2.2.2). */
export interface Ping {
  readonly type: 'ping'
  readonly extensions: readonly Extension[]
}

/** A servent that was there, in answer to a ping with the same GUID (draft §2.2.3). */
export interface Pong {
  readonly type: 'pong'
  readonly address: Address
  /** files it shares */
  readonly files: number
  /** KiB it shares; an ultrapeer marks itself by a power of two */
  readonly kib: number
  readonly extensions: readonly Extension[]
}

const pongLength = 14

export function encodePing({ extensions }: Ping): Uint8Array {
  return encodeExtensions(extensions)
}

export function decodePing(bytes: Uint8Array): Ping | WireError {
  const extensions = decodeExtensions(bytes)
  return extensions instanceof WireError ? extensions : { type: 'ping', extensions }
}

export function encodePong({ address, files, kib, extensions }: Pong): Uint8Array {
  const fixed = [u16(address.port), encodeIp(address.ip), u32(files), u32(kib)]
  return joined([...fixed, encodeExtensions(extensions)])
}

export function decodePong(bytes: Uint8Array): Pong | WireError {
  if (bytes.byteLength < pongLength) return new WireError('a pong is cut short')
  const extensions = decodeExtensions(bytes.subarray(pongLength))
  if (extensions instanceof WireError) return extensions
  const view = viewOf(bytes)
  return {
    type: 'pong',
    address: readAddress(bytes, 0, 2),
    files: view.getUint32(6, true),
    kib: view.getUint32(10, true),
    extensions
  }
}
