import { generateKeyPair } from '@libp2p/crypto/keys'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { encodeHandshake, handshakeLength } from '@peerage/swarm'
import { noise } from '@peerage/testbed'
import { systemClock, type Channel, type Clock } from '@peerage/wire'
import { expect, it, onTestFinished, vi } from 'vitest'
import { streamOpener } from '../src/protocol.ts'
import { clientNode, gatewayNode, seedOf } from './nodes.ts'

/** A clock that knows how many timers wait. */
function countingClock(): Clock & { readonly waiting: number } {
  const waiting = new Set<object>()
  return {
    get waiting() {
      return waiting.size
    },
    now: () => systemClock.now(),
    after: (delay, run) => {
      const timer = {}
      waiting.add(timer)
      const cancel = systemClock.after(delay, () => {
        waiting.delete(timer)
        run()
      })
      return () => {
        waiting.delete(timer)
        cancel()
      }
    }
  }
}

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCPSocketWrap')).length

function hello(infoHash: Uint8Array): Uint8Array {
  const peerId = new Uint8Array(20).fill(65)
  const reserved = Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0x04)
  return encodeHandshake({ type: 'handshake', infoHash, peerId, reserved })
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Waits for the other side's handshake and what comes with it. */
async function answered(socket: Socket): Promise<void> {
  for (let heard = 0; heard <= handshakeLength;) {
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    heard += bytes.length
  }
}

/** Whether it went the way it should is not asked here: only whether anything is left. */
const goodbyes: ((socket: Socket, infoHash: Uint8Array) => Promise<unknown> | void)[] = [
  // is served, and leaves politely, in a hurry, or for breaking the rules
  async (socket, infoHash) => {
    socket.write(hello(infoHash))
    await answered(socket)
    socket.end()
  },
  async (socket, infoHash) => {
    socket.write(hello(infoHash))
    await answered(socket)
    socket.resetAndDestroy()
  },
  async (socket, infoHash) => {
    socket.write(hello(infoHash))
    await answered(socket)
    socket.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
  },
  // leaves before anybody was found for it
  (socket, infoHash) => void socket.end(hello(infoHash)),
  (socket) => void socket.end(hello(new Uint8Array(20))),
  (socket) => void socket.end('GET'),
  (socket) => void socket.resetAndDestroy()
]

it('when dozens of clients have come and gone, nothing of them is left', async () => {
  const clock = countingClock()
  let nodes = 0
  const seed = await seedOf(noise(300_000))
  const { infoHash } = seed.torrent
  const { gateway, port } = await gatewayNode({
    clock,
    createNode: async (init) => {
      const node = await clientNode(init)
      nodes++
      return {
        services: node.services,
        stop: async () => {
          await node.stop()
          nodes--
        }
      }
    }
  })
  gateway.serve(infoHash, { peers: [seed.at] })
  let pipes = 0
  gateway.addEventListener('pipe:open', () => pipes++)
  const before = sockets()
  for (let round = 0; round < 6; round++) {
    const gone = goodbyes.map(async (leave) => {
      const socket = await dial(port)
      const closed = new Promise((resolve) => socket.once('close', resolve))
      await leave(socket.resume(), infoHash)
      await closed
    })
    await Promise.all(gone)
  }
  // three of seven wait to be served
  expect(pipes).toBeGreaterThanOrEqual(3 * 6)
  // the last ends close a little after the clients did
  await vi.waitFor(() => {
    expect(gateway.pipes).toEqual([])
    expect({ nodes, timers: clock.waiting, sockets: sockets() - before }).toEqual({
      nodes: 0,
      timers: 0,
      sockets: 0
    })
    expect(seed.node.getConnections()).toEqual([])
  })
})

it('when dozens of libp2p peers have come and gone, nothing of them is left', async () => {
  const clock = countingClock()
  const infoHash = new Uint8Array(20).fill(3)
  // a client that greets, or hangs up at once
  let taken = 0
  const client = createServer((socket) => {
    socket.on('error', () => {}).resume()
    if (taken++ % 3 === 0) socket.destroy()
    else socket.write(hello(infoHash))
    if (taken % 3 === 0) socket.end()
  })
  client.listen(0, '127.0.0.1')
  await once(client, 'listening')
  onTestFinished(() => void client.close())
  const { gateway, at } = await gatewayNode({ clock })
  const clients = [{ host: '127.0.0.1', port: (client.address() as AddressInfo).port }]
  gateway.serve(infoHash, { clients })
  let pipes = 0
  gateway.addEventListener('pipe:open', () => pipes++)
  const before = sockets()
  const visit = async (leave: (channel: Channel<Uint8Array>) => void): Promise<void> => {
    const identity = await generateKeyPair('Ed25519')
    const node = await clientNode({ identity, services: { streams: streamOpener } })
    const channel = await node.services.streams.open(at)
    await channel.send(hello(infoHash))
    await channel.receive().catch(() => {})
    leave(channel)
    await channel.closed
    await node.stop()
  }
  for (let round = 0; round < 12; round++) {
    await Promise.all([
      visit((channel) => void channel.end()),
      visit((channel) => channel.abort(new Error('enough')))
    ])
  }
  expect(pipes).toBe(2 * 12)
  await vi.waitFor(() => {
    expect(gateway.pipes).toEqual([])
    expect({ timers: clock.waiting, sockets: sockets() - before }).toEqual({
      timers: 0,
      sockets: 0
    })
  })
})
