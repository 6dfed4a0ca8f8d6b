import { connect, TLSSocket, type TLSSocketOptions } from 'node:tls'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { MultiaddrConnection, SecuredConnection } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { destroyTogether } from '../../src/fast-tls/destroy-together.ts'
import { makeCertificate, type Credentials } from '../../src/fast-tls/make-certificate.ts'
import { takeSocket } from '../../src/fast-tls/tcp-socket.ts'
import { encrypter, secure, tcpPair } from './tcp-pair.ts'

const credentials = async (): Promise<Credentials> =>
  makeCertificate(await generateKeyPair('Ed25519'))

interface Peer {
  isServer: boolean
  options: TLSSocketOptions
}

/** Our end's handshake with a peer that runs TLS as these options say. */
async function meet({ isServer, options }: Peer): Promise<SecuredConnection> {
  const { dialer, listener } = await tcpPair()
  const ours = await encrypter()
  const socket = (await takeSocket(isServer ? listener : dialer))!
  const shared = { rejectUnauthorized: false, requestCert: true, ...options }
  const tls = isServer
    ? new TLSSocket(socket, { isServer, ...shared })
    : connect({ socket, ...shared })
  tls.on('error', () => {})
  destroyTogether(socket, tls)
  return isServer ? ours.secureOutbound(dialer) : ours.secureInbound(listener)
}

/** How our end closed. */
const closed = (connection: MultiaddrConnection): Promise<Error | undefined> =>
  new Promise((resolve) => {
    connection.addEventListener('close', ({ error }) => resolve(error))
  })

describe.each([
  ['dials', true],
  ['is dialled by', false]
])('an encrypter that %s a peer', (_name, isServer) => {
  it('refuses a second certificate', async () => {
    const [one, other] = await Promise.all([credentials(), credentials()])
    const cert = one.cert + other.cert
    await expect(meet({ isServer, options: { cert, key: one.key } })).rejects.toMatchObject({
      name: 'CertificateError',
      message: expect.stringContaining('more than one certificate')
    })
  })

  it('refuses the same certificate twice', async () => {
    const { cert, key } = await credentials()
    const twice = meet({ isServer, options: { cert: cert + cert, key } })
    await expect(twice).rejects.toThrow('more than one certificate')
  })

  it('refuses TLS 1.2', async () => {
    const options: TLSSocketOptions = { ...(await credentials()), maxVersion: 'TLSv1.2' }
    await expect(meet({ isServer, options })).rejects.toMatchObject({ name: 'HandshakeError' })
  })

  it('takes a peer without ALPN, and negotiates the muxer afterwards', async () => {
    const secured = await meet({ isServer, options: await credentials() })
    expect(secured.streamMuxer).toBeUndefined()
  })
})

describe('an encrypter', () => {
  it('refuses a dialler without a certificate', async () => {
    const silent = meet({ isServer: false, options: {} })
    await expect(silent).rejects.toThrow('showed no certificate')
  })

  it('refuses a dialler none of whose protocols it speaks', async () => {
    const options = { ...(await credentials()), ALPNProtocols: ['h2'] }
    await expect(meet({ isServer: false, options })).rejects.toMatchObject({
      name: 'HandshakeError'
    })
  })

  it('refuses a peer other than the one it dialled, and closes', async () => {
    const { dialer, listener } = await tcpPair()
    const [ours, theirs] = await Promise.all([encrypter(), encrypter()])
    const remotePeer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    const end = closed(listener)
    const inbound = theirs.secureInbound(listener).then(
      () => 'secured',
      () => 'refused'
    )
    await expect(ours.secureOutbound(dialer, { remotePeer })).rejects.toThrow('does not match')
    expect(dialer.status).toBe('aborted')
    // a TLS 1.3 server may be done before it hears of it
    expect(['secured', 'refused']).toContain(await inbound)
    await end
    expect(listener.status).not.toBe('open')
  })

  it('refuses what is not TLS', async () => {
    const { dialer, listener } = await tcpPair()
    const ours = await encrypter()
    dialer.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    await expect(ours.secureInbound(listener)).rejects.toMatchObject({ name: 'HandshakeError' })
    expect(listener.status).toBe('aborted')
  })

  it('says so when the peer leaves in the middle', async () => {
    const { dialer, listener } = await tcpPair()
    const ours = await encrypter()
    const securing = ours.secureInbound(listener)
    await dialer.close()
    await expect(securing).rejects.toMatchObject({ name: 'HandshakeError' })
  })

  it('stops when it is told to', async () => {
    const { dialer, listener } = await tcpPair()
    const ours = await encrypter()
    const stop = new AbortController()
    const securing = ours.secureOutbound(dialer, { signal: stop.signal })
    const end = closed(listener)
    stop.abort()
    await expect(securing).rejects.toMatchObject({ name: 'AbortError' })
    expect(dialer.status).toBe('aborted')
    await end
  })

  it('takes what the peer sent before it looked', async () => {
    const { dialer, listener } = await tcpPair()
    const [ours, theirs] = await Promise.all([encrypter(), encrypter()])
    const dialing = ours.secureOutbound(dialer)
    // nobody reads the listener's connection yet: the hello waits in its buffer
    while (listener.readBufferLength === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const listening = await theirs.secureInbound(listener)
    expect(listening.connection.status).toBe('open')
    expect((await dialing).connection.status).toBe('open')
  })

  it('leaves the inactivity timeout to the connection, which traffic inside TLS resets', async () => {
    const inactivity = 1_000
    const { dialer, listener } = await tcpPair({ inactivity })
    const { dialing, listening } = await secure(dialer, listener)
    const begin = performance.now()
    while (performance.now() - begin < 1.3 * inactivity) {
      const received = new Promise((resolve) => {
        listening.connection.addEventListener('message', resolve, { once: true })
      })
      dialing.connection.send(new Uint8Array(10))
      await received
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(listener.status).toBe('open')
    expect(dialer.status).toBe('open')
  })
})
