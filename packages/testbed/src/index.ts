/**
 * @packageDocumentation
 *
 * Where Peerage is tried out.
 *
 * - A {@link World} runs the protocol cores of `@peerage/wire`'s shape in virtual time: up to
 *   100,000 of them in one thread, in one exact order, repeatable from a seed.
 * - A {@link Testnet} is a small network of real libp2p nodes whose links can be cut and slowed.
 * - A {@link manualClock} is turned by hand, for tests of what runs cores in real time.
 *
 * @example
 *
 * ```ts
 * import { ring, World } from '@peerage/testbed'
 *
 * const world = new World<Chat>({ seed: 7, latency: 30, jitter: 10 })
 * for (let i = 0; i < 1000; i++) world.add(`peer${i}`, new ChatCore(), { tell: console.log })
 * for (const [a, b] of ring(1000)) world.connect(`peer${a}`, `peer${b}`)
 * world.ask('peer0', { say: 'hello' })
 * world.run({ until: 60_000 })
 * console.log(world.digest)
 * ```
 */

export { World, type RunOptions, type WorldInit } from './sim/world.ts'
export { EventQueue } from './sim/event-queue.ts'
export type { Bandwidth, HostInit } from './sim/host.ts'
export type { LinkInit } from './sim/link.ts'
export { seededRandom } from './sim/seeded-random.ts'
export { line, randomGraph, regular, ring, star, type Edge } from './sim/topology.ts'
export { GossipCore, type Gossip, type GossipInit } from './toys/gossip.ts'
export { testnet, type Services, type TestnetInit } from './testnet/create.ts'
export type { Testnet } from './testnet/testnet.ts'
export { manualClock, type ManualClock } from './manual-clock.ts'
export { memoryStreams } from './memory-streams.ts'
export { noise } from './noise.ts'
export { LinkCutError, PeerGoneError, SimulationError, StillOpenError } from './errors.ts'
