import type { AbortOptions, ConnectionProtector, Upgrader } from '@libp2p/interface'
import { watchNegotiation } from './watch-negotiation.ts'

interface RawConnectionComponents {
  upgrader: Upgrader
}

/**
 * Watches the negotiation of encryption on raw connections, where anybody may write.
 *
 * It sits in libp2p's connection-protector slot, the one place that sees a connection before the
 * first byte is read; a private network's own protector takes its place.
 */
export function guardRawConnections(): (
  components: RawConnectionComponents
) => ConnectionProtector {
  return (components) => ({
    protect: async (connection, options?: AbortOptions & { skipEncryption?: boolean }) => {
      // a transport with encryption of its own (QUIC) negotiates nothing here
      if (options?.skipEncryption !== true) {
        const encrypters = components.upgrader.getConnectionEncrypters()
        watchNegotiation(connection, (protocol) => encrypters.has(protocol))
      }
      return connection
    }
  })
}
