/**
 * @packageDocumentation
 *
 * Lets BitTorrent clients into Peerage swarms, and Peerage into theirs: TCP on one side, the swarm
 * protocol over libp2p on the other, and between them a pipe that changes as little as it can.
 *
 * - {@link gatewayBitTorrent} is the libp2p service.
 * - {@link announce} asks HTTP and UDP trackers.
 *
 * @example
 *
 * ```ts
 * import { gatewayBitTorrent } from '@peerage/gateway-bittorrent'
 * import { createNode } from '@peerage/transport'
 *
 * const node = await createNode({
 *   profile: 'lan',
 *   services: {
 *     gateway: gatewayBitTorrent({
 *       listen: { host: '0.0.0.0', port: 6881 },
 *       createNode: (init) => createNode({ profile: 'lan', listen: [], mdns: false, ...init })
 *     })
 *   }
 * })
 * node.services.gateway.serve(torrent.infoHash, { peers: [addressOfAPeer] })
 * ```
 */
import type { Gateway, GatewayInit } from './api.ts'
import { BitTorrentGateway, type GatewayComponents } from './gateway.ts'

/** A libp2p service that joins BitTorrent clients to libp2p peers of the same torrent. */
export function gatewayBitTorrent(init: GatewayInit): (components: GatewayComponents) => Gateway {
  return (components) => new BitTorrentGateway(components, init)
}

export type {
  Announcement,
  AnnounceOptions,
  ClientNode,
  Gateway,
  GatewayEvents,
  GatewayInit,
  Pipe,
  PipeEnd,
  Served,
  ServeOptions,
  StreamOpener,
  SwarmAddress,
  TcpAddress,
  TrackerAnswer
} from './api.ts'
export type { GatewayComponents } from './gateway.ts'
export { announce } from './tracker.ts'
export { limits } from './limits.ts'
export * from './errors.ts'
