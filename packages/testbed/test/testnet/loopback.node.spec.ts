import { expect, onTestFinished, test } from 'vitest'
import { testnet } from '../../src/index.ts'

test('over TCP on the loopback interface a link is cut, healed and slowed as over memory', async () => {
  const net = await testnet({ nodes: 3, profile: 'lan' })
  onTestFinished(() => net.stop())
  const [a, b] = net.nodes
  for (const address of a!.getMultiaddrs())
    expect(address.toString()).toMatch(/^\/ip4\/127\.0\.0\.1\//)
  net.cut(0, 1)
  const signal = AbortSignal.timeout(200)
  await expect(a!.services.ping.ping(b!.peerId, { signal })).rejects.toThrow()
  await expect(a!.dial(b!.getMultiaddrs()[0]!, { force: true })).rejects.toThrow('is cut')
  net.heal(0, 1)
  net.delay(0, 1, 30)
  expect(await a!.services.ping.ping(b!.peerId)).toBeGreaterThanOrEqual(59)
})

test('a killed node resets its connections over TCP too', async () => {
  const net = await testnet({ nodes: 2, profile: 'lan' })
  onTestFinished(() => net.stop())
  const [a, b] = net.nodes
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  b!.addEventListener('connection:close', () => resolve())
  await net.kill(0)
  await closed
  expect(b!.getConnections(a!.peerId)).toEqual([])
  await expect(b!.dial(a!.getMultiaddrs())).rejects.toThrow()
})
