import type { AbortOptions, ServiceMap } from '@libp2p/interface'
import { createNode, profileOptions, type Node, type NodeInit } from '@peerage/transport'
import { seededRandom } from '../sim/seeded-random.ts'
import { line, regular, type Edge } from '../sim/topology.ts'
import { cabled } from './cabled-transport.ts'
import { Patchbay } from './patchbay.ts'
import { watchStops } from './stop-watch.ts'
import { Testnet, type Member } from './testnet.ts'

/** What is added to every node, as libp2p service factories. */
export type Services<S extends ServiceMap> = NonNullable<NodeInit<S>['services']>

export interface TestnetInit<S extends ServiceMap = ServiceMap> extends AbortOptions {
  /** how many */
  nodes: number
  /**
   * neighbours of each, wired at random; 0 for none
   *
   * @default 4, or all others when there are fewer
   */
  degree?: number
  /** who is wired to whom instead, by number */
  edges?: Edge[]
  /** what every node gets, or what each gets by its number @default none */
  services?: Services<S> | ((node: number) => Services<S>)
  /** over memory, or over TCP and WebSockets on the loopback interface @default 'memory' */
  profile?: 'memory' | 'lan'
  /** decides the wiring @default 1 */
  seed?: number
  /** milliseconds within which `stop` and `kill` must leave nothing open @default 5_000 */
  deadline?: number
}

/**
 * Starts real libp2p nodes in this process and wires them.
 *
 * @example
 *
 * ```ts
 * await using net = await testnet({ nodes: 8, degree: 3, services: { search: searchFlood() } })
 * net.cut(0, 1)
 * ```
 */
export async function testnet<S extends ServiceMap = ServiceMap>(
  init: TestnetInit<S>
): Promise<Testnet<S>> {
  const patchbay = new Patchbay()
  const members: Member<S>[] = []
  const net = new Testnet(members, patchbay, init.deadline ?? 5_000)
  try {
    for (let i = 0; i < init.nodes; i++) {
      init.signal?.throwIfAborted()
      members.push(await createMember(init, i, patchbay))
    }
    for (const [a, b] of wiring(init)) await net.connect(a, b, init)
  } catch (error) {
    await net.stop()
    throw error
  }
  return net
}

async function createMember<S extends ServiceMap>(
  { services, profile = 'memory' }: TestnetInit<S>,
  i: number,
  patchbay: Patchbay
): Promise<Member<S>> {
  const stopping = new Set<string>()
  const own = typeof services === 'function' ? services(i) : services
  const transports = profileOptions(profile).transports ?? []
  const node: Node<S> = await createNode<S>({
    profile,
    mdns: false,
    ...(own && { services: watchStops(own, stopping) }),
    ...(profile === 'lan' && { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'] }),
    libp2p: { transports: transports.map((transport) => cabled(transport, i, patchbay)) }
  })
  patchbay.plug(i, node.getMultiaddrs())
  return { node, stopping }
}

function wiring<S extends ServiceMap>(init: TestnetInit<S>): Edge[] {
  const { nodes, edges, degree = Math.min(4, nodes - 1), seed = 1 } = init
  if (edges != null) return edges
  if (degree <= 0) return []
  if (nodes === 2 && degree === 1) return line(2)
  return regular(nodes, degree, seededRandom(seed))
}
