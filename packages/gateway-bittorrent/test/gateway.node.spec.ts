import { formatMagnet } from '@peerage/swarm'
import { pEvent } from 'p-event'
import { describe, expect, it } from 'vitest'
import type { PipeEnd } from '../src/index.ts'
import { fetchFrom, gatewayNode, seedOf } from './nodes.ts'
import { noise } from '@peerage/testbed'

describe('two gateways, back to back', () => {
  it('carry a swarm over TCP: one takes the libp2p peer in, the other the TCP client', async () => {
    const content = noise(3_000_000)
    const seed = await seedOf(content)
    const inner = await gatewayNode()
    const outer = await gatewayNode()
    inner.gateway.serve(seed.torrent.infoHash, { peers: [seed.at] })
    outer.gateway.serve(seed.torrent.infoHash, {
      clients: [{ host: '127.0.0.1', port: inner.port }]
    })
    const closed = pEvent(inner.gateway, 'pipe:close')
    const fetched = await fetchFrom(formatMagnet(seed.torrent), [outer.at])
    expect(Buffer.compare(fetched, content)).toBe(0)
    const { detail } = (await closed) as CustomEvent<PipeEnd>
    expect(detail).toMatchObject({ direction: 'inbound', client: { host: '127.0.0.1' } })
    expect(detail.toClient).toBeGreaterThan(content.length)
  })
})
