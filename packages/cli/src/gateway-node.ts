import type { Catalog } from '@peerage/catalog'
import { type Gateway, gatewayBitTorrent, type TcpAddress } from '@peerage/gateway-bittorrent'
import { type SearchFlood, searchFlood } from '@peerage/search-flood'
import { createNode, type Node } from '@peerage/transport'
import { meetLocalPeers } from './node.ts'
import type { Settings } from './settings.ts'

/** The services of a gateway's node: peers find it by search, and it finds them. */
export type GatewayServices = { search: SearchFlood; gateway: Gateway }

export interface OpenGatewayInit {
  readonly settings: Settings
  /** what peers may come here for */
  readonly catalog: Catalog
  /** where BitTorrent clients connect */
  readonly listen: TcpAddress
}

/** Starts the node of a gateway, which makes one more for each client that comes. */
export async function openGateway({
  settings,
  catalog,
  listen: accept
}: OpenGatewayInit): Promise<Node<GatewayServices>> {
  const { listen, mdns, neighbours } = settings
  const node = await createNode<GatewayServices>({
    profile: 'lan',
    listen: [...listen],
    mdns,
    services: {
      search: searchFlood({ catalog, ...(neighbours && { neighbours }) }),
      gateway: gatewayBitTorrent({
        listen: accept,
        createNode: (init) => createNode({ profile: 'lan', listen: [], mdns: false, ...init })
      })
    }
  })
  meetLocalPeers(node)
  return node
}
