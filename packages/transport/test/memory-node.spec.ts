import { ping, type Ping } from '@libp2p/ping'
import { describe, expect, it } from 'vitest'
import {
  createNode,
  explainDial,
  formatExplanation,
  ListenError,
  profileOptions
} from '../src/index.ts'
import { start } from './nodes.ts'

describe('a memory node', () => {
  it('reaches another one, identified and pinged', async () => {
    const [a, b] = await Promise.all([start({ profile: 'memory' }), start({ profile: 'memory' })])
    expect(a.status).toBe('started')
    expect(await a.services.ping.ping(b.getMultiaddrs())).toBeGreaterThanOrEqual(0)
    expect(a.getConnections(b.peerId)[0]?.multiplexer).toBe('/yamux/1.0.0')
  })

  it('carries more than a window both ways through the guards', async () => {
    const [a, b] = await Promise.all([start({ profile: 'memory' }), start({ profile: 'memory' })])
    const size = 3 * 1024 * 1024
    await b.handle('/echo/1.0.0', (stream) => {
      stream.addEventListener('message', ({ data }) => stream.send(data))
      stream.addEventListener('remoteCloseWrite', () => void stream.close())
    })
    const stream = await a.dialProtocol(b.getMultiaddrs(), '/echo/1.0.0')
    let back = 0
    const done = new Promise<void>((resolve) => {
      stream.addEventListener('message', ({ data }) => {
        back += data.byteLength
        if (back === size) resolve()
      })
    })
    for (let sent = 0; sent < size; sent += 65_536) stream.send(new Uint8Array(65_536))
    await done
    expect(back).toBe(size)
    await stream.close()
  })

  it('has the services given, and keeps those of the profile', async () => {
    const node = await start({
      profile: 'memory',
      services: { second: ping({ protocolPrefix: 'x' }) }
    })
    const second: Ping = node.services.second
    expect(second).toBeDefined()
    expect(node.services.identify).toBeDefined()
    expect(node.getProtocols()).toContain('/x/ping/1.0.0')
  })

  it('listens where nobody else does', () => {
    const listen = (): unknown => profileOptions('memory').addresses?.listen
    expect(listen()).not.toEqual(listen())
  })

  it('says in one line that its name is taken', async () => {
    const listen = ['/memory/the-same']
    await start({ profile: 'memory', listen })
    const starting = createNode({ profile: 'memory', listen })
    await expect(starting).rejects.toThrow(ListenError)
    await expect(starting).rejects.toThrow(
      '/memory/the-same is already in use: choose another name'
    )
  })

  it('takes libp2p options over those of the profile, group by group', async () => {
    const libp2p = { nodeInfo: { name: 'mine' }, connectionGater: { denyDialPeer: () => true } }
    const [a, b] = await Promise.all([
      start({ profile: 'memory', libp2p }),
      start({ profile: 'memory' })
    ])
    const explanation = await explainDial(a, b.peerId)
    expect(explanation.result).toBe('peer denied')
    expect(formatExplanation(explanation)).toContain('denies this peer')
  })
})
