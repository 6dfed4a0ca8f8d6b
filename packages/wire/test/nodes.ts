import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { onTestFinished } from 'vitest'
import type { EndpointComponents } from '../src/index.ts'

type Probed = Libp2p<{ components: EndpointComponents }>

/** A node with libp2p's own defaults, as a module meets it; stopped when the test ends. */
export async function stockNode(options: Libp2pOptions = {}): Promise<Probed> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    ...options,
    services: {
      identify: identify(),
      // a copy: the container itself, as a service, would start itself for ever
      components: ({ registrar, connectionManager, logger }: EndpointComponents) => ({
        registrar,
        connectionManager,
        logger
      }),
      ...options.services
    }
  })
  onTestFinished(() => node.stop())
  return node
}

/** A relay that cuts a circuit after so many bytes. */
export async function relayNode(bytes: number): Promise<Probed> {
  return stockNode({
    services: {
      relay: circuitRelayServer({ reservations: { defaultDataLimit: BigInt(bytes) } })
    }
  })
}
