import { manualClock } from '@peerage/testbed'
import { limits as wireLimits, type Channel } from '@peerage/wire'
import { describe, expect, test, vi } from 'vitest'
import { encodeHandshake, ourReserved } from '../src/codec/handshake.ts'
import { limits, memoryStorage, type PeerMessage, type Torrent } from '../src/index.ts'
import { createSwarmNode, filled, makeTorrent, type SwarmNode } from './nodes.ts'
import { same } from './test-swarm.ts'

const { block } = limits.wire

const handshakeFor = ({ infoHash }: Torrent) =>
  ({ type: 'handshake', infoHash, peerId: new Uint8Array(20), reserved: ourReserved() }) as const

/** Reads until the other side has had enough. */
async function heard(channel: Channel<unknown>): Promise<'over'> {
  await (async () => {
    while ((await channel.receive()) != null);
  })().catch(() => {})
  await channel.end()
  return 'over'
}

/** Says this over and over. */
async function floods(channel: Channel<PeerMessage>, message: PeerMessage): Promise<void> {
  const over = heard(channel)
  for (;;) {
    const sent = channel.send(message).catch(() => 'over' as const)
    if ((await Promise.race([sent, over])) === 'over') return
  }
}

/** What a node does on channels to another; it ends when the other has cut them. */
type Deed = (bad: SwarmNode, victim: SwarmNode, torrent: Torrent) => Promise<void>

const saying =
  (message: PeerMessage): Deed =>
  async (bad, victim, torrent) => {
    const channel = await bad.open(victim)
    await channel.send(handshakeFor(torrent))
    await floods(channel, message)
  }

const bytes =
  (...tail: number[]): Deed =>
  async (bad, victim, torrent) => {
    const channel = await bad.openBytes(victim)
    await channel.send(encodeHandshake(handshakeFor(torrent)))
    await channel.send(Uint8Array.from(tail))
    await heard(channel)
  }

const deeds: [string, Deed][] = [
  ['asks for more and more', saying({ type: 'request', piece: 0, begin: 0, length: block })],
  [
    'sends what nobody has asked for',
    saying({ type: 'piece', piece: 0, begin: 0, block: new Uint8Array(block) })
  ],
  [
    'talks without end',
    saying({ type: 'extended', id: 77, payload: new Uint8Array(limits.wire.extended) })
  ],
  ['announces a message of 4 GiB', bytes(0xff, 0xff, 0xff, 0xff)],
  ['announces a block that is too long', bytes(0, 0, 0x80, 0, 7)],
  ['announces a message of no known kind that is too long', bytes(0, 2, 0, 0, 99)]
]

describe('a node that', () => {
  test.each(deeds)('%s is cut off, and the others are served', async (_, deed) => {
    const { torrent, content } = await makeTorrent()
    const [seed, bad, victim] = [
      await createSwarmNode(),
      await createSwarmNode(),
      await createSwarmNode()
    ]
    await seed.swarm.seed(torrent, await filled(torrent, content))
    const storage = memoryStorage(torrent)
    const transfer = await victim.swarm.add(torrent, { storage: () => storage })
    await deed(bad, victim, torrent)
    const goesOn = async (): Promise<void> => {
      for (let i = 0; i < 6; i++) await deed(bad, victim, torrent).catch(() => {})
    }
    transfer.connect(seed.addresses())
    await Promise.all([transfer.done, goesOn()])
    expect(same(await storage.read(0, torrent.length), content)).toBe(true)
    // at some time it was once too often
    const again = await bad.open(victim)
    await again.send(handshakeFor(torrent)).catch(() => {})
    expect(await again.receive().catch(() => undefined)).toBeUndefined()
  })

  test('never reads is read for no further than its channel holds, and cut off in time', async () => {
    const clock = manualClock()
    const { torrent, content } = await makeTorrent(8 * 1024 * 1024)
    const seed = await createSwarmNode({ clock })
    const full = await filled(torrent, content)
    let read = 0
    await seed.swarm.seed(torrent, {
      ...full,
      read: (offset, length, options) => {
        read += length
        return full.read(offset, length, options)
      }
    })
    const bad = await createSwarmNode({ window: 256 * 1024 })
    const channel = await bad.open(seed)
    await channel.send(handshakeFor(torrent))
    await channel.send({ type: 'interested' })
    for (let i = 0; i < 4 * torrent.pieceCount; i++) {
      const [piece, begin] = [Math.floor(i / 4), (i % 4) * block]
      await channel.send({ type: 'request', piece, begin, length: block })
    }
    // all it asks for has been read that ever will be
    let before = -1
    await vi.waitUntil(
      () => (read > 0 && read === before && ((before = read), true)) || ((before = read), false),
      { interval: 100 }
    )
    expect(read).toBeLessThanOrEqual(2 * 1024 * 1024)
    const honest = await createSwarmNode()
    const transfer = await honest.swarm.add(torrent, { storage: memoryStorage })
    transfer.connect(seed.addresses())
    await transfer.done
    await clock.advance(wireLimits.stallTimeout)
    await channel.closed
  })

  test('takes for ever over its first message is cut off in time', async () => {
    const clock = manualClock()
    const { torrent, content } = await makeTorrent()
    const seed = await createSwarmNode({ clock })
    await seed.swarm.seed(torrent, await filled(torrent, content))
    const timers = clock.pending
    const channel = await (await createSwarmNode()).openBytes(seed)
    await vi.waitUntil(() => clock.pending > timers)
    const handshake = encodeHandshake(handshakeFor(torrent))
    for (let sent = 0; sent < 10; sent++) {
      await channel.send(handshake.subarray(sent, sent + 1)).catch(() => {})
      await clock.advance(limits.wire.handshakeTimeout / 10)
    }
    await channel.closed
  })
})
