import type { PrivateKey } from '@libp2p/interface'
import { Catalog, type Item } from '@peerage/catalog'
import { createNode, type Node } from '@peerage/transport'
import {
  createEndpoint,
  lengthPrefixed,
  type Channel,
  type Endpoint,
  type EndpointComponents
} from '@peerage/wire'
import { onTestFinished } from 'vitest'
import { floodCodec } from '../src/codec/flood-codec.ts'
import type { FloodFrame } from '../src/codec/frame.ts'
import {
  searchFlood,
  type Hit,
  type SearchFlood,
  type SearchFloodInit,
  type SearchRun
} from '../src/index.ts'
import { song } from './solo.ts'

export type FloodNode = Node<{ search: SearchFlood }>

/** A real node over the memory transport; stopped when the test ends. */
export async function floodNode(init: SearchFloodInit = {}): Promise<FloodNode> {
  const node = await createNode({
    profile: 'memory',
    services: { search: searchFlood({ neighbours: { min: 0 }, ...init }) }
  })
  onTestFinished(() => node.stop())
  return node
}

/** Nodes without a share but the last, which has the song. */
export async function floodNodes(count: number, init: SearchFloodInit = {}): Promise<FloodNode[]> {
  const last = { ...init, catalog: catalogOf(song) }
  return Promise.all(
    Array.from({ length: count }, (_, i) => floodNode(i === count - 1 ? last : init))
  )
}

export function catalogOf(...items: Item[]): Catalog {
  const catalog = new Catalog()
  for (const item of items) catalog.add(item)
  return catalog
}

/** Makes two nodes neighbours; both know it when it resolves. */
export async function link(a: FloodNode, b: FloodNode): Promise<void> {
  const isKnown = until(b, () => has(b, a))
  await a.services.search.join(b.getMultiaddrs())
  await isKnown
}

export function has(a: FloodNode, b: { peerId: { toString(): string } }): boolean {
  return a.services.search.neighbours.some((peer) => peer.toString() === b.peerId.toString())
}

/** Waits for neighbours to come or go until something holds. */
export async function until(node: FloodNode, holds: () => boolean): Promise<void> {
  const { search } = node.services
  if (holds()) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = (): void => {
    if (holds()) resolve()
  }
  search.addEventListener('neighbour:add', look)
  search.addEventListener('neighbour:remove', look)
  await promise
  search.removeEventListener('neighbour:add', look)
  search.removeEventListener('neighbour:remove', look)
}

export async function all(run: SearchRun): Promise<Hit[]> {
  const hits: Hit[] = []
  for await (const hit of run) hits.push(hit)
  return hits
}

/** A neighbour that says what a test wants it to say. */
export class Puppet {
  readonly node: Node<{ key: PrivateKey; endpoint: Endpoint<FloodFrame> }>
  #channel: Channel<FloodFrame> | undefined

  constructor(node: Puppet['node']) {
    this.node = node
  }

  get peerId(): Puppet['node']['peerId'] {
    return this.node.peerId
  }

  get key(): PrivateKey {
    return this.node.services.key
  }

  /** Opens a channel and says hello. */
  async greet(node: FloodNode): Promise<void> {
    this.#channel = await this.node.services.endpoint.open(node.getMultiaddrs())
    const isNeighbour = until(node, () => has(node, this))
    await this.say({ type: 'hello', degree: 0, others: [] })
    await isNeighbour
  }

  async say(frame: FloodFrame): Promise<void> {
    await this.#channel!.send(frame)
  }

  /** The next frame of one type; others are skipped. */
  async hear<T extends FloodFrame['type']>(type: T): Promise<Extract<FloodFrame, { type: T }>> {
    for (;;) {
      const frame = await this.#channel!.receive()
      if (frame == null) throw new Error(`the channel ended before a ${type} came`)
      if (frame.type === type) return frame as Extract<FloodFrame, { type: T }>
    }
  }
}

/** @param names whose records it gives to those who come to it: it has no room for anybody */
export async function puppet(names: Uint8Array[] = []): Promise<Puppet> {
  const node = await createNode({
    profile: 'memory',
    services: {
      key: ({ privateKey }: { privateKey: PrivateKey }) => privateKey,
      endpoint: (components: EndpointComponents) =>
        createEndpoint(components, {
          protocol: '/peerage/flood/1.0.0',
          framing: lengthPrefixed(floodCodec),
          onChannel: async (channel) => {
            await channel.send({ type: 'bye', reason: 'full', others: names })
            await channel.end()
          }
        })
    }
  })
  onTestFinished(() => node.stop())
  return new Puppet(node)
}
