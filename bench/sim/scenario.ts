import { GossipCore, regular, World, type Gossip } from '@peerage/testbed'

/** Every peer has this many neighbours. */
const degree = 6

/**
 * The run that is measured: peers on a random regular graph over lines of 20 to 60 ms, each of which
 * makes up rumours that flood to everybody.
 */
export function gossip(seed: number, peers: number, rumours: number): World<Gossip> {
  const world = new World<Gossip>({ seed, latency: 20, jitter: 40 })
  const init = { sizeOf: () => 64 }
  for (let i = 0; i < peers; i++) {
    const firstAt = i < rumours ? i * 100 : Infinity
    world.add(`peer${i}`, new GossipCore({ firstAt, own: i }), init)
  }
  for (const [a, b] of regular(peers, degree, world.random)) {
    world.connect(`peer${a}`, `peer${b}`)
  }
  return world
}
