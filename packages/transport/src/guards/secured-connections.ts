import {
  serviceCapabilities,
  type ConnectionEncrypter,
  type SecuredConnection,
  type Upgrader
} from '@libp2p/interface'
import { watchNegotiation } from './watch-negotiation.ts'

interface SecuredConnectionComponents {
  upgrader: Upgrader
}

/**
 * Watches the negotiation of the muxer inside an encrypted connection. Noise settles the muxer in
 * its handshake between peers that can; only then is there nothing to watch.
 */
export function guardSecuredConnections<C extends SecuredConnectionComponents>(
  create: (components: C) => ConnectionEncrypter
): (components: C) => ConnectionEncrypter {
  return (components) => {
    const encrypter = create(components)
    const watch = (secured: SecuredConnection): SecuredConnection => {
      if (secured.streamMuxer === undefined) {
        const muxers = components.upgrader.getStreamMuxers()
        watchNegotiation(secured.connection, (protocol) => muxers.has(protocol))
      }
      return secured
    }
    const guarded: ConnectionEncrypter & { [serviceCapabilities]: string[] } = {
      protocol: encrypter.protocol,
      [serviceCapabilities]: ['@libp2p/connection-encryption'],
      secureInbound: async (stream, options) =>
        watch(await encrypter.secureInbound(stream, options)),
      secureOutbound: async (stream, options) =>
        watch(await encrypter.secureOutbound(stream, options))
    }
    return guarded
  }
}
