import type { Stream } from '@libp2p/interface'
import { expect, onTestFinished, test } from 'vitest'
import { testnet, type Testnet, type TestnetInit } from '../../src/index.ts'

/** A testnet that is stopped when the test ends. */
async function started(init: TestnetInit): Promise<Testnet> {
  const net = await testnet(init)
  onTestFinished(() => net.stop())
  return net
}

/** A stream from node 0 to node 1, and what has come out at the other end. */
async function piped(net: Testnet): Promise<{ stream: Stream; far: Stream; heard: number[] }> {
  const heard: number[] = []
  const { promise, resolve } = Promise.withResolvers<Stream>()
  await net.nodes[1]!.handle('/pipe/1.0.0', (stream) => {
    stream.addEventListener('message', ({ data }) => {
      for (const byte of data.subarray()) heard.push(byte)
    })
    resolve(stream)
  })
  const stream = await net.nodes[0]!.dialProtocol(net.nodes[1]!.getMultiaddrs(), '/pipe/1.0.0')
  return { stream, far: await promise, heard }
}

/** Resolves when the event has happened. */
function happened(target: Pick<EventTarget, 'addEventListener'>, event: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(event, resolve, { once: true }))
}

/** Resolves when `far` has heard something more. */
async function nextMessage(stream: Stream): Promise<void> {
  await happened(stream, 'message')
}

function neighbours(net: Testnet): number[] {
  return net.nodes.map((node) => new Set(node.getConnections().map((c) => `${c.remotePeer}`)).size)
}

test('every node gets its degree', async () => {
  const net = await started({ nodes: 8, degree: 3 })
  expect(neighbours(net)).toEqual([3, 3, 3, 3, 3, 3, 3, 3])
})

test('the wiring can be given, or left out', async () => {
  const [star, none] = await Promise.all([
    started({
      nodes: 3,
      edges: [
        [0, 1],
        [0, 2]
      ]
    }),
    started({ nodes: 2, degree: 0 })
  ])
  expect(neighbours(star)).toEqual([2, 1, 1])
  expect(neighbours(none)).toEqual([0, 0])
})

test('each node gets services of its own', async () => {
  const net = await started({ nodes: 2, services: (i) => ({ number: () => ({ i }) }) })
  expect(net.nodes.map(({ services }) => services['number'])).toEqual([{ i: 0 }, { i: 1 }])
})

test('a cut link carries nothing until it is healed, then everything in order', async () => {
  const net = await started({ nodes: 2 })
  const { stream, far, heard } = await piped(net)
  net.cut(1, 0)
  stream.send(Uint8Array.of(1))
  stream.send(Uint8Array.of(2))
  // a ping over another link's worth of turns shows that time has passed and traffic could flow
  await expect(
    net.nodes[0]!.services.ping.ping(net.nodes[1]!.peerId, { signal: AbortSignal.timeout(200) })
  ).rejects.toThrow()
  expect(heard).toEqual([])
  const arrived = nextMessage(far)
  net.heal(0, 1)
  await arrived
  while (heard.length < 2) await nextMessage(far)
  expect(heard).toEqual([1, 2])
})

test('a cut works on what the dialled side sends too', async () => {
  const net = await started({ nodes: 2 })
  const { stream, far } = await piped(net)
  const back: number[] = []
  stream.addEventListener('message', ({ data }) => back.push(...data.subarray()))
  net.cut(0, 1)
  far.send(Uint8Array.of(7))
  await expect(
    net.nodes[1]!.services.ping.ping(net.nodes[0]!.peerId, { signal: AbortSignal.timeout(200) })
  ).rejects.toThrow()
  expect(back).toEqual([])
  const arrived = nextMessage(stream)
  net.heal(0, 1)
  await arrived
  expect(back).toEqual([7])
})

test('a dial over a cut link is refused both ways, and goes through once healed', async () => {
  const net = await started({ nodes: 2, degree: 0 })
  const [a, b] = net.nodes
  net.cut(0, 1)
  await expect(a!.dial(b!.getMultiaddrs())).rejects.toThrow('node 0 cannot dial node 1')
  await expect(b!.dial(a!.getMultiaddrs())).rejects.toThrow('node 1 cannot dial node 0')
  net.heal(0, 1)
  await net.connect(0, 1)
  expect(neighbours(net)).toEqual([1, 1])
})

test('other links do not notice a cut', async () => {
  const net = await started({ nodes: 3 })
  net.cut(0, 1)
  const { services } = net.nodes[2]!
  expect(await services.ping.ping(net.nodes[0]!.peerId)).toBeGreaterThanOrEqual(0)
  expect(await services.ping.ping(net.nodes[1]!.peerId)).toBeGreaterThanOrEqual(0)
})

test('a delay counts once in each direction', async () => {
  const net = await started({ nodes: 2 })
  net.delay(0, 1, 40)
  const [a, b] = net.nodes
  expect(await a!.services.ping.ping(b!.peerId)).toBeGreaterThanOrEqual(79)
  expect(await b!.services.ping.ping(a!.peerId)).toBeGreaterThanOrEqual(79)
})

test('a delayed goodbye still comes after the last byte', async () => {
  const net = await started({ nodes: 2 })
  const { stream, far, heard } = await piped(net)
  net.delay(0, 1, 20)
  const ended = happened(far, 'remoteCloseWrite')
  for (let i = 0; i < 100; i++) stream.send(Uint8Array.of(i))
  await stream.close()
  await ended
  expect(heard).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('much data passes a delayed link with its back-pressure', async () => {
  const net = await started({ nodes: 2 })
  const { stream, far, heard } = await piped(net)
  net.delay(0, 1, 5)
  const ended = happened(far, 'remoteCloseWrite')
  const size = 64 * 1024
  for (let i = 0; i < 32; i++) stream.send(new Uint8Array(size).fill(i))
  await stream.close()
  await ended
  expect(heard.length).toBe(32 * size)
  expect(heard.every((byte, i) => byte === Math.floor(i / size))).toBe(true)
})

test('a killed node drops out of its neighbours’ connections', async () => {
  const net = await started({ nodes: 3 })
  const { far } = await piped(net)
  const closed = happened(far, 'close')
  await net.kill(0)
  await closed
  const key = net.nodes[0]!.peerId
  for (const node of net.nodes.slice(1)) {
    while (node.getConnections(key).length > 0) await happened(node, 'connection:close')
    await expect(node.dial(net.nodes[0]!.getMultiaddrs())).rejects.toThrow()
  }
  expect(net.nodes[0]!.status).toBe('stopped')
  expect(neighbours(net)).toEqual([0, 1, 1])
})

test('the death of a node is not heard over a cut link until it heals', async () => {
  const net = await started({ nodes: 2 })
  const [a, b] = net.nodes
  net.cut(0, 1)
  await net.kill(0)
  expect(b!.getConnections(a!.peerId).length).toBe(1)
  const closed = happened(b!, 'connection:close')
  net.heal(0, 1)
  await closed
  expect(neighbours(net)).toEqual([0, 0])
})

test('stop leaves nothing open, whatever was cut, slowed and killed before', async () => {
  const net = await testnet({ nodes: 6, degree: 3 })
  net.cut(0, 1)
  net.delay(2, 3, 60_000)
  await net.kill(4)
  await net.stop()
  expect(net.nodes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'stopped'))
  expect(neighbours(net)).toEqual([0, 0, 0, 0, 0, 0])
  await net.stop()
})

test('a stop that takes too long names what is still open', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const services = {
    stubborn: () => ({ start: () => {}, stop: () => promise }),
    quick: () => ({ start: () => {}, stop: () => {} })
  }
  const net = await testnet({ nodes: 1, services, deadline: 50 })
  const error = await net.stop().catch((reason: Error) => reason)
  expect(error).toMatchObject({ name: 'StillOpenError' })
  expect((error as Error).message).toContain('service "stubborn" of node 0')
  expect((error as Error).message).not.toContain('quick')
  resolve()
})

test('a node that cannot be made takes the others down with it', async () => {
  const stops: number[] = []
  const services = (i: number) => ({
    picky: () => ({
      start: () => {
        if (i === 1) throw new Error('not me')
      },
      stop: () => void stops.push(i)
    })
  })
  await expect(testnet({ nodes: 3, services })).rejects.toThrow('not me')
  expect(stops).toContain(0)
})

test('there is no node past the last', async () => {
  const net = await started({ nodes: 2, degree: 0 })
  expect(() => net.cut(0, 2)).toThrow(RangeError)
  expect(() => net.cut(1, 1)).toThrow(RangeError)
  await expect(net.kill(-1)).rejects.toThrow(RangeError)
})
