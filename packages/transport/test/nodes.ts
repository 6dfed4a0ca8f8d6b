import type { ServiceMap } from '@libp2p/interface'
import { afterEach } from 'vitest'
import { createNode, type Node, type NodeInit } from '../src/index.ts'

const running = new Set<Node>()

afterEach(async () => {
  await Promise.all([...running].map(async (node) => node.stop()))
  running.clear()
})

/** A node on loopback or in memory, without mDNS, stopped after the test. */
export async function start<S extends ServiceMap>(init: NodeInit<S>): Promise<Node<S>> {
  const listen = init.profile === 'memory' ? {} : { listen: ['/ip4/127.0.0.1/tcp/0'] }
  const node = await createNode<S>({ mdns: false, ...listen, ...init })
  running.add(node)
  return node
}
