import { generateKeyPair } from '@libp2p/crypto/keys'
import type {
  ConnectionEncrypter,
  MultiaddrConnection,
  SecuredConnection,
  Upgrader
} from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach } from 'vitest'
import { fastTls } from '../../src/fast-tls/index.ts'

const cleanUp = new Set<() => unknown>()

afterEach(async () => {
  await Promise.all([...cleanUp].map((clean) => clean()))
  cleanUp.clear()
})

/** Two ends of a TCP connection as `@libp2p/tcp` makes them, before anything is agreed on. */
export async function tcpPair(
  options: { inactivity?: number } = {}
): Promise<{ dialer: MultiaddrConnection; listener: MultiaddrConnection }> {
  const accepted = Promise.withResolvers<MultiaddrConnection>()
  const upgrader = {
    upgradeInbound: async (connection: MultiaddrConnection) => accepted.resolve(connection),
    upgradeOutbound: async (connection: MultiaddrConnection) => connection
  } as unknown as Upgrader
  const timeouts =
    options.inactivity === undefined
      ? {}
      : {
          inboundSocketInactivityTimeout: options.inactivity,
          outboundSocketInactivityTimeout: options.inactivity
        }
  const transport = tcp(timeouts)({ logger: defaultLogger() })
  const server = transport.createListener({ upgrader })
  await server.listen(multiaddr('/ip4/127.0.0.1/tcp/0'))
  const signal = new AbortController().signal
  const dialed = transport.dial(server.getAddrs()[0]!, { upgrader, signal })
  const dialer = (await dialed) as unknown as MultiaddrConnection
  const listener = await accepted.promise
  cleanUp.add(async () => {
    for (const connection of [dialer, listener]) connection.abort(new Error('the test is over'))
    await server.close()
  })
  return { dialer, listener }
}

/** The encrypter of a new peer without muxers. */
export async function encrypter(): Promise<ConnectionEncrypter> {
  const privateKey = await generateKeyPair('Ed25519')
  const upgrader = { getStreamMuxers: () => new Map() } as unknown as Upgrader
  return fastTls()({ privateKey, upgrader })
}

/** Both ends of a connection, secured by two new peers. */
export async function secure(
  dialer: MultiaddrConnection,
  listener: MultiaddrConnection
): Promise<{
  dialing: SecuredConnection
  listening: SecuredConnection
}> {
  const [ours, theirs] = await Promise.all([encrypter(), encrypter()])
  const [dialing, listening] = await Promise.all([
    ours.secureOutbound(dialer),
    theirs.secureInbound(listener)
  ])
  return { dialing, listening }
}
