import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { explainDial, formatExplanation, InvalidTargetError } from '../src/index.ts'
import { start } from './nodes.ts'

const stranger = async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))

describe('explainDial', () => {
  it('says that no address of an unknown peer is known', async () => {
    const node = await start({ profile: 'memory' })
    const peer = await stranger()
    const explanation = await explainDial(node, peer)
    expect(explanation).toMatchObject({
      result: 'no addresses',
      peer: peer.toString(),
      addresses: []
    })
    expect(formatExplanation(explanation)).toBe(
      `${peer.toString()}\nNo address of this peer is known.\n` +
        'Dial it once by a full multiaddr, or add discovery such as mDNS or a peer routing service.'
    )
    expect((await explainDial(node, `/p2p/${peer.toString()}`)).result).toBe('no addresses')
    expect((await explainDial(node, peer.toString())).result).toBe('no addresses')
  })

  it('says which address has no transport', async () => {
    const node = await start({ profile: 'memory' })
    const explanation = await explainDial(node, '/ip4/8.8.8.8/udp/4001/quic-v1')
    expect(explanation.result).toBe('no transport')
    expect(explanation.addresses).toMatchObject([{ source: 'given', outcome: 'no transport' }])
  })

  it('says what went wrong at each address of a peer', async () => {
    const [node, peer] = [await start({ profile: 'memory' }), await stranger()]
    const multiaddrs = ['/ip4/8.8.8.8/tcp/1', '/memory/nobody'].map((text) => multiaddr(text))
    await node.peerStore.merge(peer, { multiaddrs })
    const { addresses, result } = await explainDial(node, peer)
    expect(result).toBe('failed')
    expect(new Set(addresses.map(({ source }) => source))).toEqual(new Set(['peer store']))
    const outcomes = Object.fromEntries(addresses.map(({ address, outcome }) => [address, outcome]))
    expect(outcomes).toEqual({ '/ip4/8.8.8.8/tcp/1': 'no transport', '/memory/nobody': 'failed' })
  })

  it('connects by the first address that works and tries no other', async () => {
    const [a, b] = await Promise.all([start({ profile: 'memory' }), start({ profile: 'memory' })])
    const address = b.getMultiaddrs()[0]!.decapsulate('/p2p')
    await a.peerStore.merge(b.peerId, { multiaddrs: [address] })
    const { addresses, result, verdict } = await explainDial(a, b.peerId)
    expect(result).toBe('connected')
    expect(addresses).toMatchObject([{ address: String(address), outcome: 'connected' }])
    expect(verdict).toBe(`Connected, through ${address.toString()}.`)
    expect(a.getConnections(b.peerId)).toHaveLength(1)
  })

  it('says that a peer is connected, and how', async () => {
    const [a, b] = await Promise.all([start({ profile: 'memory' }), start({ profile: 'memory' })])
    await a.dial(b.getMultiaddrs())
    const { result, addresses } = await explainDial(a, b.peerId)
    expect(result).toBe('connected')
    expect(addresses).toMatchObject([{ source: 'connection', outcome: 'connected' }])
  })

  it('knows the node itself', async () => {
    const node = await start({ profile: 'memory' })
    expect((await explainDial(node, node.peerId)).result).toBe('self')
  })

  it("names a gater rule of the app's own as such", async () => {
    const denyDialMultiaddr = (): boolean => true
    const libp2p = { connectionGater: { denyDialMultiaddr } }
    const node = await start({ profile: 'memory', libp2p })
    const { result, addresses } = await explainDial(node, '/memory/anybody')
    expect(result).toBe('denied')
    expect(addresses).toMatchObject([{ outcome: 'denied', rule: 'gater' }])
  })

  it('refuses what is no target', async () => {
    const node = await start({ profile: 'memory' })
    await expect(explainDial(node, 'nobody')).rejects.toThrow(InvalidTargetError)
    await expect(explainDial(node, '/nobody')).rejects.toThrow(InvalidTargetError)
  })

  it('ends when its signal does', async () => {
    const node = await start({ profile: 'memory' })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(explainDial(node, '/memory/nobody', { signal })).rejects.toThrow('enough')
  })
})
