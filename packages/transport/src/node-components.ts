import type { ConnectionGater, Libp2p, MultiaddrResolver } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import type { Dns } from './address/lookup.ts'

/** The parts of a node that decide what it can dial. */
export interface NodeComponents {
  transportManager: TransportManager
  connectionGater: ConnectionGater
  dns?: Dns
}

interface Insides {
  components: NodeComponents
  resolvers: Record<string, MultiaddrResolver>
}

const nodes = new WeakMap<object, Insides>()

/** Keeps what {@link createNode} knows about a node, for `explainDial`. */
export function rememberNode(node: Libp2p, insides: Insides): void {
  nodes.set(node, insides)
}

/** `undefined` for a node made elsewhere. */
export function insidesOf(node: Libp2p): Insides | undefined {
  return nodes.get(node)
}
