/**
 * @packageDocumentation
 *
 * Peers of torrents by a DHT: {@link dhtPeers} notes in it what a swarm has, and looks there for who
 * else has it. It works with any content routing a node has; `@libp2p/kad-dht` is the usual one.
 *
 * @example
 *
 * ```ts
 * import { kadDHT } from '@libp2p/kad-dht'
 * import { swarm } from '@peerage/swarm'
 * import { dhtPeers } from '@peerage/swarm/dht'
 *
 * const node = await createLibp2p({
 *   // … transports, encrypters, muxers …
 *   services: {
 *     identify: identify(),
 *     ping: ping(),
 *     dht: kadDHT({ clientMode: false }),
 *     swarm: swarm({ findPeers: dhtPeers() })
 *   }
 * })
 * ```
 */

export { dhtPeers, type DhtPeersInit } from './dht/dht-peers.ts'
export { torrentCid } from './dht/torrent-cid.ts'
export { limits } from './dht/limits.ts'
