import type { TcpAddress } from '../api.ts'
import { limits } from '../limits.ts'

/** Peers as 4 or 16 bytes of IP address and 2 of port each (BEP 23, BEP 7); a rest is left. */
export function readCompactPeers(bytes: Uint8Array, addressLength: 4 | 16): TcpAddress[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stride = addressLength + 2
  const count = Math.min(Math.floor(bytes.byteLength / stride), limits.tracker.peers)
  return Array.from({ length: count }, (_, i) => {
    const at = i * stride
    const address = bytes.subarray(at, at + addressLength)
    const host = addressLength === 4 ? address.join('.') : ipv6(view, at)
    return { host, port: view.getUint16(at + addressLength) }
  })
}

function ipv6(view: DataView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i).toString(16))
  return groups.join(':')
}
