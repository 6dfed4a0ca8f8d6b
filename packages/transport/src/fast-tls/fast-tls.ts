import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import {
  serviceCapabilities,
  type ConnectionEncrypter,
  type MessageStream,
  type PrivateKey,
  type SecureConnectionOptions,
  type SecuredConnection,
  type Upgrader
} from '@libp2p/interface'
import { shakeHands } from './handshake.ts'
import { makeCertificate } from './make-certificate.ts'
import { SecuredStream } from './secured-stream.ts'

/** What {@link fastTls} needs of a node. */
export interface FastTlsComponents {
  privateKey: PrivateKey
  upgrader: Upgrader
}

/** ALPN for "the muxer is negotiated afterwards" */
const noMuxer = 'libp2p'

/**
 * libp2p's `/tls/1.0.0` with TLS run on the socket itself by Node: what it costs is what TLS costs.
 * Connections without a socket of their own (relayed, WebSockets, memory) get the same protocol over
 * a stream, a little faster than noise. Node only.
 *
 * Speaks with every implementation of `/tls/1.0.0`; keep noise beside it for peers without.
 *
 * @example
 *
 * ```ts
 * import { fastTls } from '@peerage/transport/fast-tls'
 * import { noise } from '@libp2p/noise'
 *
 * const connectionEncrypters = [fastTls(), noise()] // for createLibp2p, best first
 * ```
 */
export function fastTls(): (components: FastTlsComponents) => ConnectionEncrypter {
  return (components) => {
    // components are filled in after this: libp2p is still being put together
    let context: Promise<SecureContext> | undefined
    const secure = async (
      isServer: boolean,
      connection: MessageStream,
      options: SecureConnectionOptions = {}
    ): Promise<SecuredConnection> => {
      const muxers = options.skipStreamMuxerNegotiation
        ? new Map()
        : components.upgrader.getStreamMuxers()
      context ??= makeContext(components.privateKey)
      const init = { isServer, context: await context, protocols: [...muxers.keys(), noMuxer] }
      const { tls, remotePeer, protocol } = await shakeHands(connection, init, options)
      const streamMuxer = protocol === undefined ? undefined : muxers.get(protocol)
      return {
        connection: new SecuredStream(tls, connection),
        remotePeer,
        ...(streamMuxer && { streamMuxer })
      }
    }
    const encrypter: ConnectionEncrypter & { [serviceCapabilities]: string[] } = {
      protocol: '/tls/1.0.0',
      [serviceCapabilities]: ['@libp2p/connection-encryption'],
      secureInbound: async (connection, options) => secure(true, connection, options),
      secureOutbound: async (connection, options) => secure(false, connection, options)
    }
    return encrypter
  }
}

/** One key and certificate for as long as the node runs, as the specification allows. */
async function makeContext(privateKey: PrivateKey): Promise<SecureContext> {
  return createSecureContext({
    ...(await makeCertificate(privateKey)),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // a resumed session would skip the certificates
    secureOptions: constants.SSL_OP_NO_TICKET
  })
}
