import { expect, test } from 'vitest'
import { memoryStreams } from '../src/memory-streams.ts'

test('what goes in at one end comes out at the other, both ways', async () => {
  const [opened, accepted] = await memoryStreams('/echo/1.0.0')
  expect([opened.protocol, opened.direction, accepted.direction]).toEqual([
    '/echo/1.0.0',
    'outbound',
    'inbound'
  ])
  for (const [from, to] of [
    [opened, accepted],
    [accepted, opened]
  ] as const) {
    const { promise, resolve } = Promise.withResolvers<number[]>()
    to.addEventListener('message', ({ data }) => resolve([...data.subarray()]), { once: true })
    from.send(Uint8Array.of(1, 2, 3))
    expect(await promise).toEqual([1, 2, 3])
  }
})
