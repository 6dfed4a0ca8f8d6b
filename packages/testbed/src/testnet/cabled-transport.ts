import type { Transport, Upgrader } from '@libp2p/interface'
import { LinkCutError, PeerGoneError } from '../errors.ts'
import type { Cable } from './cable.ts'
import { CabledConnection } from './cabled-connection.ts'
import type { Patchbay } from './patchbay.ts'

/** A transport module as it stands in libp2p's `transports`. */
export type TransportFactory<C> = (components: C) => Transport

/**
 * The same transport with a cable on every connection it dials. The side that dialled holds both
 * directions, so nothing is needed where connections come in.
 */
export function cabled<C>(
  factory: TransportFactory<C>,
  node: number,
  patchbay: Patchbay
): TransportFactory<C> {
  return (components) => {
    const transport = factory(components)
    const dial = transport.dial.bind(transport)
    transport.dial = async (address, options) => {
      if (patchbay.isUnplugged(node)) throw new PeerGoneError(`node ${node} was killed`)
      const there = patchbay.nodeAt(address)
      if (there == null) return dial(address, options)
      const cable = patchbay.cable(node, there)
      if (cable.isCut) {
        throw new LinkCutError(`node ${node} cannot dial node ${there}: the link is cut`)
      }
      return dial(address, { ...options, upgrader: through(options.upgrader, cable) })
    }
    return transport
  }
}

function through(upgrader: Upgrader, cable: Cable): Upgrader {
  return {
    upgradeOutbound: (raw, options) =>
      upgrader.upgradeOutbound(new CabledConnection(raw, cable), options),
    upgradeInbound: (raw, options) => upgrader.upgradeInbound(raw, options),
    createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
    getStreamMuxers: () => upgrader.getStreamMuxers(),
    getConnectionEncrypters: () => upgrader.getConnectionEncrypters()
  }
}
