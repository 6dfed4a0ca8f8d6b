import type { PrivateKey } from '@libp2p/interface'
import type { Catalog } from '@peerage/catalog'
import { searchFlood } from '@peerage/search-flood'
import { swarm } from '@peerage/swarm'
import { createNode, type Node } from '@peerage/transport'
import { withPeer } from './addresses.ts'
import { providersOf } from './providers.ts'
import type { Services } from './services.ts'
import type { Settings } from './settings.ts'

export interface OpenNodeInit {
  readonly settings: Settings
  /** what this node shares @default nothing */
  readonly catalog?: Catalog
  /** @default a new key for this run */
  readonly identity?: PrivateKey
}

/** Dials to peers of the local network that are under way at once. */
const dialsAtOnce = 8

/** Starts the node that all commands stand on: search, swarm and the local network's discovery. */
export async function openNode({
  settings,
  catalog,
  identity
}: OpenNodeInit): Promise<Node<Services>> {
  const { listen, mdns, neighbours } = settings
  const node: Node<Services> = await createNode<Services>({
    profile: 'lan',
    listen: [...listen],
    mdns,
    ...(identity && { identity }),
    services: {
      search: searchFlood({ ...(catalog && { catalog }), ...(neighbours && { neighbours }) }),
      // called once the node is started, so it is there
      swarm: swarm({ findPeers: (id, options) => providersOf(node.services.search, id, options) })
    }
  })
  meetLocalPeers(node)
  return node
}

/** libp2p tells of peers it discovers, and leaves it to the app whether to talk to them. */
export function meetLocalPeers(node: Node): void {
  const underWay = new Set<string>()
  node.addEventListener('peer:discovery', ({ detail: { id, multiaddrs } }) => {
    const key = id.toString()
    if (underWay.size >= dialsAtOnce || underWay.has(key)) return
    if (node.getConnections(id).length > 0) return
    underWay.add(key)
    void node
      .dial(multiaddrs.map((address) => withPeer(address, id)))
      // gone again, or a stranger's node that has no time for us
      .catch(() => {})
      .finally(() => underWay.delete(key))
  })
}
