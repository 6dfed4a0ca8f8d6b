import { mdns } from '@libp2p/mdns'
import type { Libp2pOptions } from 'libp2p'

/** Finds the nodes of the local network by multicast DNS. */
export const localDiscovery: Libp2pOptions['peerDiscovery'] = [mdns()]
