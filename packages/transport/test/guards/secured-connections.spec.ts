import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import type { ConnectionEncrypter, Upgrader } from '@libp2p/interface'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import { NegotiationError } from '../../src/errors.ts'
import { guardSecuredConnections } from '../../src/guards/secured-connections.ts'
import { start } from '../nodes.ts'

/** Noise for a new peer; `muxers` decides whether the handshake can settle the muxer. */
async function encrypter(muxers: boolean): Promise<ConnectionEncrypter> {
  const { logger } = await start({ profile: 'memory' })
  const privateKey = await generateKeyPair('Ed25519')
  const factory = yamux()()
  const upgrader = {
    getStreamMuxers: () => new Map(muxers ? [[factory.protocol, factory]] : [])
  } as unknown as Upgrader
  const peerId = peerIdFromPrivateKey(privateKey)
  return guardSecuredConnections(noise())({ privateKey, peerId, upgrader, logger })
}

async function secure(muxers: boolean) {
  const [a, b] = multiaddrConnectionPair()
  const [ours, theirs] = await Promise.all([encrypter(muxers), encrypter(muxers)])
  const [local, remote] = await Promise.all([ours.secureInbound(a), theirs.secureOutbound(b)])
  return { local, remote }
}

describe('a secured connection', () => {
  it('that never ends its prefix is closed, and nobody reads it', async () => {
    const { local, remote } = await secure(false)
    const seen: unknown[] = []
    local.connection.addEventListener('message', ({ data }) => seen.push(data))
    const end = new Promise((resolve) => {
      local.connection.addEventListener('close', ({ error }) => resolve(error))
    })
    remote.connection.send(Uint8Array.of(0x80, 0x80, 0x80))
    expect(await end).toBeInstanceOf(NegotiationError)
    expect(seen).toEqual([])
  })

  it('is left alone when the handshake settled the muxer', async () => {
    const { local, remote } = await secure(true)
    expect(local.streamMuxer?.protocol).toBe('/yamux/1.0.0')
    const received = new Promise<number>((resolve) => {
      local.connection.addEventListener('message', ({ data }) => resolve(data.byteLength))
    })
    remote.connection.send(Uint8Array.of(0x80, 0x80, 0x80))
    expect(await received).toBe(3)
  })
})
