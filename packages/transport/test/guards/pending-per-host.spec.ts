import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { pendingPerHost } from '../../src/guards/pending-per-host.ts'

function from(address: string): MultiaddrConnection {
  const [, connection] = multiaddrConnectionPair()
  connection.remoteAddr = multiaddr(address)
  return connection
}

const nobody = {} as PeerId

describe('pending connections per host', () => {
  it('are refused above the limit, for that host alone', () => {
    const gater = pendingPerHost(2)
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/1'))).toBe(false)
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/2'))).toBe(false)
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/3'))).toBe(true)
    expect(gater.denyInboundConnection(from('/ip4/8.8.4.4/tcp/3'))).toBe(false)
  })

  it('count an IPv6 /56 as one host', () => {
    const gater = pendingPerHost(1)
    expect(gater.denyInboundConnection(from('/ip6/2606:4700:0:ff00::1/tcp/1'))).toBe(false)
    expect(gater.denyInboundConnection(from('/ip6/2606:4700:0:ffff::1/tcp/1'))).toBe(true)
    expect(gater.denyInboundConnection(from('/ip6/2606:4700:0:fe00::1/tcp/1'))).toBe(false)
  })

  it('are pending no more once upgraded or closed, and only once', () => {
    const gater = pendingPerHost(2)
    const [first, second] = [from('/ip4/8.8.8.8/tcp/1'), from('/ip4/8.8.8.8/tcp/2')]
    for (const connection of [first, second]) gater.denyInboundConnection(connection)
    expect(gater.denyInboundUpgradedConnection(nobody, first)).toBe(false)
    first.abort(new Error('gone'))
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/3'))).toBe(false)
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/4'))).toBe(true)
    second.abort(new Error('gone'))
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/4'))).toBe(false)
  })

  it('are not counted for circuits, which all come from their relay', () => {
    const gater = pendingPerHost(1)
    for (let n = 0; n < 3; n++) {
      const circuit = from('/ip4/8.8.8.8/tcp/1/p2p-circuit')
      expect(gater.denyInboundConnection(circuit)).toBe(false)
    }
  })

  it('that are closed already are refused and not counted', () => {
    const gater = pendingPerHost(1)
    const gone = from('/ip4/8.8.8.8/tcp/1')
    gone.abort(new Error('gone'))
    expect(gater.denyInboundConnection(gone)).toBe(true)
    expect(gater.denyInboundConnection(from('/ip4/8.8.8.8/tcp/2'))).toBe(false)
  })
})
