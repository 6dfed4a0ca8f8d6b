import type { Multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { start } from './nodes.ts'

/** What lets profiles made for the Internet meet on loopback. */
const onLoopback = {
  connectionGater: { denyDialMultiaddr: () => false },
  addresses: { announceFilter: (addresses: Multiaddr[]) => addresses }
}

describe('a relay node', () => {
  it('connects a public node to one that listens nowhere but on it', async () => {
    const relay = await start({ profile: 'relay', libp2p: onLoopback })
    const [through] = relay.getMultiaddrs()
    const hidden = await start({
      profile: 'public',
      listen: [through!.encapsulate('/p2p-circuit')],
      libp2p: onLoopback
    })
    const caller = await start({ profile: 'public', listen: [], libp2p: onLoopback })
    const [address] = hidden.getMultiaddrs()
    const connection = await caller.dial(address!)
    expect(connection.remotePeer.equals(hidden.peerId)).toBe(true)
    expect(connection.limits).toBeDefined()
    expect(relay.services.relay?.reservations.size).toBe(1)
  })
})

describe('a browser node', () => {
  it('reaches a lan node by WebSocket and listens on nothing', async () => {
    const lan = await start({ profile: 'lan', listen: ['/ip4/127.0.0.1/tcp/0/ws'] })
    const page = await start({ profile: 'browser', listen: [], libp2p: onLoopback })
    expect(page.getMultiaddrs()).toEqual([])
    const connection = await page.dial(lan.getMultiaddrs())
    expect(connection.remotePeer.equals(lan.peerId)).toBe(true)
  })

  it('denies private addresses to a page that is not local', async () => {
    const lan = await start({ profile: 'lan', listen: ['/ip4/127.0.0.1/tcp/0/ws'] })
    const page = await start({ profile: 'browser', listen: [] })
    await expect(page.dial(lan.getMultiaddrs())).rejects.toThrow(
      expect.objectContaining({ name: 'DialDeniedError' })
    )
  })
})
