import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { encodeHandshake } from '@peerage/swarm'
import { pEvent } from 'p-event'
import { expect, it, onTestFinished } from 'vitest'
import { limits, type PipeEnd } from '../src/index.ts'
import { Pipes } from '../src/pipes.ts'
import { gatewayNode, seedOf } from './nodes.ts'
import { noise } from '@peerage/testbed'

const infoHash = new Uint8Array(20).fill(3)

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket.resume()
}

function hello(of: Uint8Array): Uint8Array {
  const peerId = new Uint8Array(20).fill(65)
  return encodeHandshake({ type: 'handshake', infoHash: of, peerId, reserved: new Uint8Array(8) })
}

it('one address has so many places, and all together have so many', () => {
  const pipes = new Pipes()
  const { perAddress, total } = limits.pipes
  const places = Array.from({ length: perAddress }, () => pipes.admit('10.0.0.1', perAddress))
  expect(places).not.toContain(undefined)
  expect(pipes.admit('10.0.0.1', perAddress)).toBeUndefined()
  places[0]!()
  expect(pipes.admit('10.0.0.1', perAddress)).toBeDefined()
  for (let i = perAddress; i < total; i++) expect(pipes.admit(`a${i}`, 1)).toBeDefined()
  expect(pipes.admit('10.0.0.2', perAddress)).toBeUndefined()
})

it('so many torrents are served, and none twice', async () => {
  const { gateway } = await gatewayNode()
  const hashOf = (i: number) => Uint8Array.from({ length: 20 }, (_, at) => (i >> (at * 8)) & 0xff)
  for (let i = 0; i < limits.torrents.served - 1; i++) gateway.serve(hashOf(i))
  expect(() => gateway.serve(hashOf(0))).toThrow('already')
  const last = gateway.serve(hashOf(limits.torrents.served - 1))
  expect(() => gateway.serve(hashOf(limits.torrents.served))).toThrow('stop one first')
  await last.stop()
  gateway.serve(hashOf(limits.torrents.served))
  expect(() => gateway.serve(new Uint8Array(32))).toThrow('20 bytes')
})

it('so many clients are remembered of a torrent', async () => {
  const { gateway } = await gatewayNode()
  const served = gateway.serve(infoHash)
  for (let port = 1; port <= limits.torrents.clients + 1; port++) {
    served.addClient({ host: '192.0.2.7', port })
  }
  expect(served.clients).toHaveLength(limits.torrents.clients)
  expect(served.clients[0]).toEqual({ host: '192.0.2.7', port: 2 })
})

it('a client that asks for what is not served, or speaks something else, is sent away', async () => {
  const { port } = await gatewayNode()
  for (const bytes of [hello(infoHash), new TextEncoder().encode('GET / HTTP/1.1\r\n'.repeat(5))]) {
    const client = await dial(port)
    client.write(bytes)
    await once(client, 'close')
  }
})

it('a client that nobody can be found for is sent away, and the gateway says why', async () => {
  const { gateway, port } = await gatewayNode()
  gateway.serve(infoHash)
  const failed = pEvent(gateway, 'pipe:fail')
  const client = await dial(port)
  client.write(hello(infoHash))
  await once(client, 'close')
  expect(await failed).toHaveProperty('detail.error.name', 'NoPeerError')
})

it('a message over the limit ends the pipe, both sides of it', async () => {
  const seed = await seedOf(noise(100_000))
  const { gateway, port } = await gatewayNode()
  gateway.serve(seed.torrent.infoHash, { peers: [seed.at] })
  const opened = pEvent(gateway, 'pipe:open')
  const closed = pEvent(gateway, 'pipe:close')
  const client = await dial(port)
  client.write(hello(seed.torrent.infoHash))
  await opened
  expect(gateway.pipes).toHaveLength(1)
  client.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
  const { detail } = (await closed) as CustomEvent<PipeEnd>
  expect(detail.error?.name).toBe('WireError')
  expect(gateway.pipes).toHaveLength(0)
  if (!client.closed) await once(client, 'close')
})

it('a gateway that stops leaves no client waiting', async () => {
  const { port, stop } = await gatewayNode()
  const client = await dial(port)
  const over = once(client, 'close')
  await stop()
  await over
  const late = connect(port, '127.0.0.1')
  const [error] = await once(late, 'error')
  expect(error).toHaveProperty('code', 'ECONNREFUSED')
})
