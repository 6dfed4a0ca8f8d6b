import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { multiaddr as multi, type Multiaddr } from '@multiformats/multiaddr'
import {
  createNode,
  dialFilter,
  explainDial,
  formatExplanation,
  ListenError,
  type Dns,
  type Node
} from '../src/index.ts'
import { multistreamHeader } from '../src/guards/negotiation-reader.ts'
import { limits } from '../src/limits.ts'
import { message } from './guards/messages.ts'
import { start } from './nodes.ts'

const portOf = (node: Node): number =>
  Number(
    node
      .getMultiaddrs()[0]!
      .getComponents()
      .find(({ name }) => name === 'tcp')!.value
  )

const dial = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject)
  })

/** Resolves with the milliseconds until the other side closed. */
const closed = (socket: Socket): Promise<number> => {
  const begin = performance.now()
  return new Promise((resolve) => {
    socket.on('error', () => {}).on('data', () => {})
    socket.once('close', () => resolve(performance.now() - begin))
  })
}

/** Answers every name with these addresses. */
const answering = (...addresses: string[]): Dns => ({
  query: async (name) => ({
    Status: 0,
    TC: false,
    RD: false,
    RA: false,
    AD: false,
    CD: false,
    Question: [],
    Answer: addresses.map((data) => ({ name, type: data.includes(':') ? 28 : 1, TTL: 1, data }))
  })
})

describe('a lan node', () => {
  it('talks TCP and WebSockets on loopback', async () => {
    const listen = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws']
    const [a, b] = await Promise.all([start({ profile: 'lan', listen }), start({ profile: 'lan' })])
    expect(a.getMultiaddrs()).toHaveLength(2)
    for (const address of a.getMultiaddrs()) {
      const connection = await b.dial(address)
      expect(connection.remotePeer.equals(a.peerId)).toBe(true)
      await connection.close()
    }
  })

  it('moves 16 MiB over TCP through the guards', async () => {
    const [a, b] = await Promise.all([start({ profile: 'lan' }), start({ profile: 'lan' })])
    const size = 16 * 1024 * 1024
    const all = new Promise<number>((resolve) => {
      void b.handle('/sink/1.0.0', (stream) => {
        let count = 0
        stream.addEventListener('message', ({ data }) => {
          count += data.byteLength
          if (count === size) resolve(count)
        })
      })
    })
    const stream = await a.dialProtocol(b.getMultiaddrs(), '/sink/1.0.0')
    for (let sent = 0; sent < size; sent += 262_144) stream.send(new Uint8Array(262_144))
    expect(await all).toBe(size)
    await stream.close()
  })

  it('says in one line that a port is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const starting = createNode({
      profile: 'lan',
      mdns: false,
      listen: [`/ip4/127.0.0.1/tcp/${port}`]
    })
    await expect(starting).rejects.toThrow(ListenError)
    await expect(starting).rejects.toThrow(
      new RegExp(
        `^/ip4/127.0.0.1/tcp/${port} is already in use: stop the program that has it, or listen on another port .*$`
      )
    )
    server.close()
  })

  it('says in one line that no transport listens on an address', async () => {
    const starting = createNode({ profile: 'lan', mdns: false, listen: ['/memory/x'] })
    await expect(starting).rejects.toThrow(
      /^\/memory\/x is not an address any of the transports can listen on/
    )
  })
})

describe('a raw connection', () => {
  it('that never ends its prefix is closed at once', async () => {
    const node = await start({ profile: 'lan' })
    const socket = await dial(portOf(node))
    const end = closed(socket)
    socket.write(Uint8Array.of(0x80, 0x80, 0x80))
    expect(await end).toBeLessThan(limits.upgradeTimeout / 2)
  })

  it('that does so after an honest beginning is closed at once too', async () => {
    const node = await start({ profile: 'lan' })
    const socket = await dial(portOf(node))
    const end = closed(socket)
    socket.write(message(multistreamHeader))
    socket.write(message('/other/1.0.0'))
    socket.write(Uint8Array.of(0x80, 0x80, 0x80))
    expect(await end).toBeLessThan(limits.upgradeTimeout / 2)
  })

  it('that stays silent does not keep others out', async () => {
    const options = { connectionManager: { inboundUpgradeTimeout: 30_000 } }
    const node = await start({ profile: 'lan', libp2p: options })
    const silent = await Promise.all(Array.from({ length: 32 }, () => dial(portOf(node))))
    const other = await start({ profile: 'lan' })
    expect((await other.dial(node.getMultiaddrs())).status).toBe('open')
    for (const socket of silent) socket.destroy()
  })

  it('of a host with too many pending ones is refused', async () => {
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const libp2p = {
      connectionManager: { inboundConnectionThreshold: 1_000 },
      addresses: { announceFilter: (all: Multiaddr[]) => all }
    }
    const node = await start({ profile: 'public', listen, libp2p })
    const silent = await Promise.all(
      Array.from({ length: limits.maxPendingPerHost }, () => dial(portOf(node)))
    )
    const extra = await dial(portOf(node))
    expect(await closed(extra)).toBeLessThan(limits.upgradeTimeout / 2)
    expect(silent.every((socket) => !socket.destroyed)).toBe(true)
    for (const socket of silent) socket.destroy()
  })
})

describe('a public node', () => {
  it('announces no private address', async () => {
    const node = await start({ profile: 'public' })
    expect(node.getMultiaddrs()).toEqual([])
    const named = await start({
      profile: 'public',
      announce: ['/dns4/peer.example.com/tcp/4001', '/ip4/10.0.0.1/tcp/1']
    })
    expect(named.getMultiaddrs().map(String)).toEqual([
      `/dns4/peer.example.com/tcp/4001/p2p/${named.peerId.toString()}`
    ])
  })

  it('dials no private address and says which rule denied it', async () => {
    const node = await start({ profile: 'public' })
    await expect(node.dial(multi('/ip4/127.0.0.1/tcp/1'))).rejects.toThrow(
      expect.objectContaining({ name: 'DialDeniedError' })
    )
    const explanation = await explainDial(node, '/ip4/127.0.0.1/tcp/1')
    expect(explanation.addresses).toMatchObject([{ outcome: 'denied', rule: 'local-address' }])
    expect(formatExplanation(explanation)).toBe(
      '/ip4/127.0.0.1/tcp/1\n' +
        '  /ip4/127.0.0.1/tcp/1 (given): denied, 127.0.0.1 is not a public address\n' +
        'Every address that could be dialled is denied by the connection gater.\n' +
        "Use the 'lan' profile for peers on this machine or network, else ask the peer to announce a public or relayed address."
    )
    const named = await explainDial(node, '/dns4/LOCALHOST./tcp/1')
    expect(named.addresses).toMatchObject([{ outcome: 'denied', rule: 'local-name' }])
  })

  it('dials no name that leads to a private address', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    let reached = 0
    server.on('connection', () => reached++)
    const node = await start({ profile: 'public', libp2p: { dns: answering('127.0.0.1') } })
    for (const tail of ['', '/ws', '/tls/ws']) {
      const address = `/dns4/peer.example.com/tcp/${port}${tail}`
      await expect(node.dial(multi(address))).rejects.toThrow(
        expect.objectContaining({ name: 'DialDeniedError' })
      )
      const { addresses } = await explainDial(node, address)
      expect(addresses).toMatchObject([{ outcome: 'denied' }])
    }
    expect(reached).toBe(0)
    server.close()
  })

  it('denies a TLS name when any of its addresses is private', async () => {
    const node = await start({ profile: 'public', libp2p: { dns: answering('8.8.8.8', '::1') } })
    const { addresses } = await explainDial(node, '/dns/peer.example.com/tcp/443/tls/ws')
    expect(addresses).toMatchObject([{ rule: 'resolves-to-local' }])
    expect(addresses[0]?.reason).toBe('peer.example.com leads to ::1, not a public address')
  })

  it('looks up the server name of an address with TLS, which is what gets dialled', async () => {
    const filter = dialFilter({ dns: answering('10.0.0.1') })
    const address = '/ip4/8.8.8.8/tcp/443/tls/sni/peer.example.com/ws'
    expect(await filter.whyDenied(multi(address))).toMatchObject({ rule: 'resolves-to-local' })
  })

  it('says that a name leads nowhere', async () => {
    const node = await start({ profile: 'public', libp2p: { dns: answering() } })
    const { addresses, advice } = await explainDial(node, '/dns4/peer.example.com/tcp/1')
    expect(addresses).toMatchObject([{ outcome: 'does not resolve' }])
    expect(advice).toContain('name is unknown')
  })
})

describe('explainDial over TCP', () => {
  it('says that nothing listens on a dead port', async () => {
    const node = await start({ profile: 'lan' })
    const gone = await start({ profile: 'lan' })
    const [address] = gone.getMultiaddrs()
    await gone.stop()
    const explanation = await explainDial(node, address!)
    expect(explanation.result).toBe('failed')
    expect(explanation.addresses[0]?.reason).toContain('ECONNREFUSED')
    expect(explanation.advice).toContain('Nothing listens there')
  })

  it('says that another peer answers at the address', async () => {
    const [node, other, gone] = await Promise.all([
      start({ profile: 'lan' }),
      start({ profile: 'lan' }),
      start({ profile: 'lan' })
    ])
    const bare = other.getMultiaddrs()[0]!.decapsulate('/p2p')
    const explanation = await explainDial(node, bare.encapsulate(`/p2p/${gone.peerId.toString()}`))
    expect(explanation.result).toBe('failed')
    expect(explanation.advice).toContain('Another peer answers there')
  })
})
