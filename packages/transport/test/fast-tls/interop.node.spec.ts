import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tls } from '@libp2p/tls'
import type { Libp2pOptions } from 'libp2p'
import { describe, expect, it } from 'vitest'
import type { Node } from '../../src/index.ts'
import { start } from '../nodes.ts'

const size = 8 * 1024 * 1024
const ws = ['/ip4/127.0.0.1/tcp/0/ws']

type Encrypters = NonNullable<Libp2pOptions['connectionEncrypters']>

const ours = (listen?: string[]): Promise<Node> =>
  start({ profile: 'lan', ...(listen && { listen }) })
const theirs = (connectionEncrypters: Encrypters, listen?: string[]): Promise<Node> =>
  start({ profile: 'lan', libp2p: { connectionEncrypters }, ...(listen && { listen }) })

/** Sends 8 MiB one way, which come back changed; returns the encryption they went through. */
async function exchange(dialer: Node, listener: Node): Promise<string | undefined> {
  await listener.handle('/negate/1.0.0', (stream: Stream) => {
    stream.addEventListener('message', ({ data }) => {
      stream.send(data.subarray().map((byte) => ~byte))
    })
  })
  const connection = await dialer.dial(listener.getMultiaddrs())
  expect(connection.remotePeer.equals(listener.peerId)).toBe(true)
  const stream = await connection.newStream('/negate/1.0.0')
  const back = Buffer.alloc(size)
  let at = 0
  const whole = new Promise<void>((resolve, reject) => {
    stream.addEventListener('close', ({ error }) => reject(error ?? new Error('closed early')))
    stream.addEventListener('message', ({ data }) => {
      back.set(data.subarray(), at)
      at += data.byteLength
      if (at === size) resolve()
    })
  })
  const sent = Buffer.alloc(size, 'abcdefg')
  for (let i = 0; i < size; i += 100_000) stream.send(sent.subarray(i, i + 100_000))
  await whole
  expect(back.equals(sent.map((byte) => ~byte))).toBe(true)
  await connection.close()
  return connection.encryption
}

describe('a node of ours', () => {
  it('meets another over TLS on the socket', async () => {
    expect(await exchange(await ours(), await ours())).toBe('/tls/1.0.0')
  })

  it('meets another over TLS through a WebSocket', async () => {
    expect(await exchange(await ours(), await ours(ws))).toBe('/tls/1.0.0')
  })

  it('dials @libp2p/tls', async () => {
    expect(await exchange(await ours(), await theirs([tls()]))).toBe('/tls/1.0.0')
  })

  it('is dialled by @libp2p/tls', async () => {
    expect(await exchange(await theirs([tls()]), await ours())).toBe('/tls/1.0.0')
  })

  it('dials @libp2p/tls through a WebSocket, and is dialled', async () => {
    expect(await exchange(await ours(), await theirs([tls()], ws))).toBe('/tls/1.0.0')
    expect(await exchange(await theirs([tls()]), await ours(ws))).toBe('/tls/1.0.0')
  })

  it('falls back to noise with a peer that has nothing else, both ways', async () => {
    expect(await exchange(await ours(), await theirs([noise()]))).toBe('/noise')
    expect(await exchange(await theirs([noise()]), await ours())).toBe('/noise')
  })
})
