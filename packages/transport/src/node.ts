import type { ComponentLogger, Libp2p, PrivateKey, ServiceMap } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Datastore } from 'interface-datastore'
import { createLibp2p, type Libp2pOptions, type ServiceFactoryMap } from 'libp2p'
import { asListenError } from './listen-error.ts'
import { localDiscovery } from './local-discovery.ts'
import { mergeOptions } from './merge-options.ts'
import { rememberNode, type NodeComponents } from './node-components.ts'
import { profileOptions, type Profile, type ProfileServices } from './profiles.ts'

/** Options of {@link createNode}; all may be left out. */
export interface NodeInit<S extends ServiceMap = ServiceMap> {
  /** where the node runs @default 'public' */
  profile?: Profile
  /** modules to add, as libp2p service factories; they end up in `node.services` @default none */
  services?: ServiceFactoryMap<S>
  /** addresses to listen on @default the profile's, on any free port */
  listen?: (string | Multiaddr)[]
  /** addresses to tell others instead of those listened on @default what others can dial */
  announce?: string[]
  /** the node's private key, see {@link loadIdentity} @default a new one */
  identity?: PrivateKey
  /** where known peers are kept @default memory */
  datastore?: Datastore
  /** find the local network's nodes by multicast DNS @default true on `lan`, else false */
  mdns?: boolean
  /** libp2p's own options, put over the profile's; groups such as `connectionManager` are merged */
  libp2p?: Partial<Libp2pOptions>
  /** where logs go @default libp2p's, switched on by `DEBUG` */
  logger?: ComponentLogger
}

/** A node made by {@link createNode}. */
export type Node<S extends ServiceMap = ServiceMap> = Libp2p<S & ProfileServices>

/**
 * Makes and starts a libp2p node.
 *
 * @throws ListenError when an address cannot be listened on
 */
export async function createNode<S extends ServiceMap = ServiceMap>(
  init: NodeInit<S> = {}
): Promise<Node<S>> {
  const options = nodeOptions(init)
  let components: NodeComponents | undefined
  const services = listenIn(options.services, (seen) => {
    components = seen
  })
  try {
    const node = await createLibp2p({ ...options, services })
    if (components !== undefined) {
      const resolvers = options.connectionManager?.resolvers ?? {}
      rememberNode(node, { components, resolvers })
    }
    return node as Node<S>
  } catch (error) {
    throw asListenError(error)
  }
}

function nodeOptions<S extends ServiceMap>(init: NodeInit<S>): Libp2pOptions {
  const { profile = 'public', mdns = profile === 'lan', libp2p = {} } = init
  const preset = profileOptions(profile, libp2p.dns === undefined ? {} : { dns: libp2p.dns })
  const own: Libp2pOptions = {
    addresses: {
      ...(init.listen && { listen: init.listen.map(String) }),
      ...(init.announce && { announce: init.announce })
    },
    ...(init.services && { services: init.services as ServiceFactoryMap }),
    ...(init.identity && { privateKey: init.identity }),
    ...(init.datastore && { datastore: init.datastore }),
    ...(init.logger && { logger: init.logger }),
    ...(mdns && { peerDiscovery: localDiscovery })
  }
  return mergeOptions(mergeOptions(preset as Libp2pOptions, own), libp2p)
}

/** libp2p shows a node's components to its modules' factories only: the first one tells us. */
function listenIn(
  services: ServiceFactoryMap = {},
  tell: (components: NodeComponents) => void
): ServiceFactoryMap {
  const entries = Object.entries(services).map(([key, create]): [string, typeof create] => [
    key,
    (components) => {
      tell(components)
      return create(components)
    }
  ])
  return Object.fromEntries(entries)
}
