import type { Libp2pOptions } from 'libp2p'

/** Browsers have no sockets: noise is all there is. */
export const socketEncrypters: NonNullable<Libp2pOptions['connectionEncrypters']> = []
