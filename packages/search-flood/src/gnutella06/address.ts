import { WireError } from '@peerage/wire'
import { viewOf } from './bytes.ts'

/** Where a servent listens. */
export interface Address {
  /** IPv4 in dotted form */
  readonly ip: string
  readonly port: number
}

/** Four bytes, big-endian unlike all other numbers. @throws WireError when it is no IPv4 address */
export function encodeIp(ip: string): Uint8Array {
  if (!isIp(ip)) throw new WireError(`${ip} is no IPv4 address`)
  return Uint8Array.from(ip.split('.'), Number)
}

/** Whether a text is an IPv4 address in dotted form. */
export function isIp(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(isByte)
}

/** A port where it stands at `portAt`, an address at `ipAt`; the caller has checked the length. */
export function readAddress(bytes: Uint8Array, portAt: number, ipAt: number): Address {
  return {
    ip: bytes.subarray(ipAt, ipAt + 4).join('.'),
    port: viewOf(bytes).getUint16(portAt, true)
  }
}

function isByte(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 255
}
