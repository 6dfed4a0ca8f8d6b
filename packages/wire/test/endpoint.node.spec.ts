import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  BannedPeerError,
  createEndpoint,
  DeadlineError,
  lengthPrefixed,
  limits,
  PeerLedger,
  UnexpectedEndError,
  type Channel,
  type Endpoint,
  type EndpointInit
} from '../src/index.ts'
import { text } from './channels.ts'
import { manualClock } from './manual-clock.ts'
import { relayNode, stockNode } from './nodes.ts'

type Node = Awaited<ReturnType<typeof stockNode>>
const protocol = '/peerage/test/1.0.0'

async function endpointOn(
  node: Node,
  init: Partial<EndpointInit<string>> = {}
): Promise<Endpoint<string>> {
  const framing = lengthPrefixed(text)
  const endpoint = createEndpoint(node.services.components, { protocol, framing, ...init })
  await endpoint.start()
  onTestFinished(() => endpoint.stop())
  return endpoint
}

async function twoNodes(
  near: Partial<EndpointInit<string>>,
  far: Partial<EndpointInit<string>>
): Promise<{ near: Endpoint<string>; nodes: [Node, Node] }> {
  const nodes: [Node, Node] = [await stockNode(), await stockNode()]
  await endpointOn(nodes[1], far)
  return { near: await endpointOn(nodes[0], near), nodes }
}

describe('an endpoint', () => {
  it('answers a request', async () => {
    const { near, nodes } = await twoNodes({}, { onRequest: (words) => `hello ${words}` })
    expect(await near.request(nodes[1].getMultiaddrs(), 'world')).toBe('hello world')
    await vi.waitFor(() => {
      expect(nodes[1].getConnections()[0]!.streams.filter((s) => s.protocol === protocol)).toEqual(
        []
      )
    })
  })

  it('gives up on a request that gets no answer in time', async () => {
    const clock = manualClock()
    const asked = Promise.withResolvers<void>()
    const { near, nodes } = await twoNodes(
      { clock },
      {
        onRequest: (_, { signal }) =>
          new Promise((_, reject) => {
            asked.resolve()
            signal.addEventListener('abort', () => reject(new Error('gone')))
          })
      }
    )
    const answer = near.request(nodes[1].getMultiaddrs(), 'anybody?')
    await asked.promise
    clock.advance(limits.requestTimeout)
    await expect(answer).rejects.toThrow(DeadlineError)
  })

  it('loses one stream, and no more, to a handler that throws', async () => {
    let calls = 0
    const { near, nodes } = await twoNodes(
      {},
      {
        onRequest: (words) => {
          if (calls++ === 0) throw new Error('a bug')
          return words
        }
      }
    )
    await expect(near.request(nodes[1].getMultiaddrs(), 'x')).rejects.toBeInstanceOf(Error)
    expect(await near.request(nodes[1].getMultiaddrs(), 'y')).toBe('y')
  })

  it('lets no more channels of one connection in than it says', async () => {
    const taken: Array<Channel<string>> = []
    const { near, nodes } = await twoNodes(
      { limits: { maxStreams: 5 } },
      { limits: { maxStreams: 4 }, onChannel: (channel) => void taken.push(channel) }
    )
    const open = async (): Promise<Channel<string>> => near.open(nodes[1].getMultiaddrs())
    const channels = [await open(), await open(), await open(), await open()]
    await Promise.all(channels.map((channel) => channel.send('here')))
    const fifth = open().then((channel) => channel.receive())
    await expect(fifth).rejects.toBeInstanceOf(Error)
    await vi.waitFor(() => expect(taken).toHaveLength(4))
  })

  it('holds as many channels as it says, all peers together, and not one more', async () => {
    const taken: Array<Channel<string>> = []
    const crowded = await stockNode()
    await endpointOn(crowded, {
      limits: { maxChannels: 2 },
      onChannel: (channel) => void taken.push(channel)
    })
    const guests = await Promise.all(['ann', 'ben', 'cyd'].map(() => stockNode()))
    const channels: Array<Channel<string>> = []
    for (const guest of guests) {
      const channel = await (await endpointOn(guest)).open(crowded.getMultiaddrs())
      channel.post('here')
      channels.push(channel)
    }
    await expect(channels[2]!.receive()).rejects.toBeInstanceOf(Error)
    await vi.waitFor(() => expect(taken).toHaveLength(2))
  })

  it('gives up opening a channel in time', async () => {
    const clock = manualClock()
    const endpoint = createEndpoint(
      {
        ...(await stockNode()).services.components,
        connectionManager: {
          openConnection: (_, { signal } = {}) =>
            new Promise((_resolve, reject) => {
              signal?.addEventListener('abort', () => reject(new Error('aborted')))
            })
        }
      },
      { protocol, framing: lengthPrefixed(text), clock }
    )
    const opening = endpoint.open(multiaddr('/ip4/127.0.0.1/tcp/9'))
    clock.advance(limits.openTimeout)
    await expect(opening).rejects.toThrow(DeadlineError)
  })

  it('refuses a banned peer, both ways', async () => {
    const ledger = new PeerLedger()
    const { near, nodes } = await twoNodes({ ledger }, { onRequest: (words) => words })
    const clock = manualClock()
    ledger.ban(performance.now(), nodes[1].peerId.toString())
    await expect(near.open(nodes[1].getMultiaddrs())).rejects.toThrow(BannedPeerError)
    const wary = new PeerLedger()
    wary.ban(clock.now(), nodes[0].peerId.toString())
    const third = await stockNode()
    await endpointOn(third, { clock, ledger: wary, onRequest: (words) => words })
    await expect(near.request(third.getMultiaddrs(), 'x')).rejects.toBeInstanceOf(Error)
  })

  it('tells of a peer that speaks its protocol, once, and survives a listener that throws', async () => {
    const told: string[] = []
    const { nodes } = await twoNodes(
      {
        onPeer: (peer) => {
          told.push(peer.toString())
          throw new Error('a bug')
        }
      },
      { onRequest: (words) => words }
    )
    await nodes[0].dial(nodes[1].getMultiaddrs())
    await vi.waitFor(() => expect(told).toEqual([nodes[1].peerId.toString()]))
  })

  it('names what is missing when the peer does not speak the protocol', async () => {
    const near = await endpointOn(await stockNode())
    const mute = await stockNode()
    await expect(near.open(mute.getMultiaddrs())).rejects.toMatchObject({
      name: 'UnsupportedProtocolError'
    })
  })

  it('closes what is open when it stops', async () => {
    const far = Promise.withResolvers<Channel<string>>()
    const { near, nodes } = await twoNodes({}, { onChannel: far.resolve })
    const channel = await near.open(nodes[1].getMultiaddrs())
    await channel.send('hello')
    const other = await far.promise
    expect(await other.receive()).toBe('hello')
    await near.stop()
    expect(await other.receive()).toBeUndefined()
  })
})

describe('a slow peer', () => {
  it('keeps the memory of both sides small on nodes with default settings, and loses nothing', async () => {
    const far = Promise.withResolvers<Channel<string>>()
    const { near, nodes } = await twoNodes({}, { onChannel: far.resolve })
    const channel = await near.open(nodes[1].getMultiaddrs())
    const frame = 'x'.repeat(16 * 1024)
    const count = 2048
    const peak = { sender: 0, receiver: 0 }
    const writing = (async () => {
      for (let i = 0; i < count; i++) {
        await channel.send(frame)
        const [ours, theirs] = nodes.map((node) =>
          node.getConnections()[0]!.streams.find((stream) => stream.protocol === protocol)
        )
        peak.sender = Math.max(peak.sender, channel.queued + (ours?.writeBufferLength ?? 0))
        peak.receiver = Math.max(peak.receiver, theirs?.readBufferLength ?? 0)
      }
      await channel.end()
    })()
    const reader = await far.promise
    let received = 0
    for await (const words of reader) {
      received += words.length
      await Promise.resolve()
    }
    await writing
    expect(received).toBe(count * frame.length)
    expect(peak.sender).toBeLessThan(1024 * 1024)
    expect(peak.receiver).toBeLessThanOrEqual(16 * 1024 * 1024)
  })

  it('is waited for while it reads nothing, then dropped', async () => {
    const clock = manualClock()
    const far = Promise.withResolvers<Channel<string>>()
    const { near, nodes } = await twoNodes({ clock }, { onChannel: far.resolve })
    const channel = await near.open(nodes[1].getMultiaddrs())
    const frame = 'x'.repeat(30 * 1024)
    let sent = 0
    const writing = (async () => {
      for (;;) {
        await channel.send(frame)
        sent += frame.length
      }
    })()
    writing.catch(() => {})
    await far.promise
    await vi.waitFor(() => {
      const before = sent
      const [stream] = nodes[0].getConnections()[0]!.streams.filter((s) => s.protocol === protocol)
      expect(stream!.writableNeedsDrain).toBe(true)
      expect(sent).toBe(before)
    })
    expect(sent).toBeLessThan(20 * 1024 * 1024)
    clock.advance(limits.stallTimeout)
    await expect(writing).rejects.toBeInstanceOf(Error)
  })

  it('gives a waiting writer an Error when the stream closes under it', async () => {
    const far = Promise.withResolvers<Channel<string>>()
    const { near, nodes } = await twoNodes({}, { onChannel: far.resolve })
    const channel = await near.open(nodes[1].getMultiaddrs())
    const writing = (async () => {
      for (;;) await channel.send('x'.repeat(30 * 1024))
    })()
    const outcome = expect(writing).rejects.toBeInstanceOf(Error)
    ;(await far.promise).abort(new Error('closing'))
    await outcome
  })

  it('that stays silent after negotiation loses its stream', async () => {
    const clock = manualClock()
    const far = Promise.withResolvers<Channel<string>>()
    const { near, nodes } = await twoNodes({}, { clock, onChannel: far.resolve })
    const channel = await near.open(nodes[1].getMultiaddrs())
    const silent = await far.promise
    const reading = silent.receive()
    clock.advance(limits.idleTimeout)
    await expect(reading).rejects.toThrow(DeadlineError)
    await channel.closed
  })
})

describe('over a relay with limits', () => {
  async function relayed(
    init: Partial<EndpointInit<string>>,
    bytes = 100_000
  ): Promise<{ near: Endpoint<string>; address: string; far: Node }> {
    const relay = await relayNode(bytes)
    const [hop] = relay.getMultiaddrs()
    const far = await stockNode({ addresses: { listen: [`${hop!.toString()}/p2p-circuit`] } })
    await endpointOn(far, init)
    await vi.waitFor(() => expect(far.getMultiaddrs()).not.toEqual([]), { timeout: 10_000 })
    const near = await endpointOn(await stockNode(), init)
    return { near, address: far.getMultiaddrs()[0]!.toString(), far }
  }

  it('a protocol that does not say so is refused', async () => {
    const { near, address } = await relayed({ limited: false, onRequest: (words) => words })
    await expect(near.request(multiaddr(address), 'x')).rejects.toMatchObject({
      name: 'LimitedConnectionError'
    })
  })

  it('one flag opens, accepts and announces', async () => {
    const told: string[] = []
    const onPeer = (peer: { toString(): string }): void => void told.push(peer.toString())
    const { near, address, far } = await relayed({
      limited: true,
      onPeer,
      onRequest: (words) => words
    })
    expect(await near.request(multiaddr(address), 'x')).toBe('x')
    await vi.waitFor(() => expect(told).toContain(far.peerId.toString()))
  })

  it('a cut that looks like a clean end is a failure to the reader', async () => {
    const taken = Promise.withResolvers<Channel<string>>()
    const { near, address } = await relayed({ limited: true, onChannel: taken.resolve }, 20_000)
    const channel = await near.open(multiaddr(address))
    expect(channel.limited).toBe(true)
    for (let i = 0; i < 4; i++) channel.post('x'.repeat(8_000))
    const reading = (async () => {
      for await (const frame of await taken.promise) expect(frame).toHaveLength(8_000)
    })()
    await expect(reading).rejects.toBeInstanceOf(Error)
    await expect(reading).rejects.toSatisfy(
      (error: Error) => error instanceof UnexpectedEndError || error.name === 'StreamResetError'
    )
  })
})
