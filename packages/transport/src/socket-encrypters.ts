import type { Libp2pOptions } from 'libp2p'
import { fastTls } from './fast-tls/index.ts'
import { guardSecuredConnections } from './guards/secured-connections.ts'

/** What connections are encrypted with where there are sockets, offered before noise. */
export const socketEncrypters: NonNullable<Libp2pOptions['connectionEncrypters']> = [
  guardSecuredConnections(fastTls())
]
