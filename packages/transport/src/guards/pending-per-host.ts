import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { parseIp } from '../address/ip.ts'

/** The gater's hooks that count a connection in and out. */
export interface PendingPerHost extends ConnectionGater {
  denyInboundConnection(connection: MultiaddrConnection): boolean
  denyInboundUpgradedConnection(peer: PeerId, connection: MultiaddrConnection): boolean
}

/**
 * Caps the inbound connections of one host that have not finished their upgrade, so that silent
 * ones cannot fill the node's own limit. A host is an IPv4 address or an IPv6 /56, the smallest
 * prefix customers commonly get.
 *
 * @param max pending connections of one host
 */
export function pendingPerHost(max: number): PendingPerHost {
  // bounded by the node's own limit on pending connections: a host without any has no entry
  const counts = new Map<string, number>()
  const pending = new WeakMap<MultiaddrConnection, string>()

  const release = (connection: MultiaddrConnection): void => {
    const host = pending.get(connection)
    if (host === undefined) return
    pending.delete(connection)
    const left = (counts.get(host) ?? 1) - 1
    if (left === 0) counts.delete(host)
    else counts.set(host, left)
  }

  return {
    denyInboundConnection: (connection) => {
      const host = hostKey(connection.remoteAddr)
      if (host === undefined) return false
      const count = counts.get(host) ?? 0
      if (count >= max || connection.status !== 'open') return true
      counts.set(host, count + 1)
      pending.set(connection, host)
      connection.addEventListener('close', () => release(connection), { once: true })
      return false
    },
    denyInboundUpgradedConnection: (_peer, connection) => {
      release(connection)
      return false
    }
  }
}

/** `undefined` for what has no host of its own: memory, and circuits, which share their relay's. */
function hostKey(address: Multiaddr): string | undefined {
  const components = address.getComponents()
  if (components.some(({ name }) => name === 'p2p-circuit')) return undefined
  const host = components.find(({ name }) => name === 'ip4' || name === 'ip6')?.value
  const ip = host === undefined ? undefined : parseIp(host)
  if (ip === undefined) return undefined
  return ip.width === 32 ? `4:${ip.value}` : `6:${ip.value >> 72n}`
}
