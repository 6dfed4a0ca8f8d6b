import type { Libp2pOptions } from 'libp2p'

/** Browsers cannot send multicast: nothing is discovered. */
export const localDiscovery: Libp2pOptions['peerDiscovery'] = []
