import { asError, type Clock } from '@peerage/wire'
import type { Logger } from '@libp2p/interface'
import type { PeerAddress, SwarmInit } from './api.ts'
import { limits } from './limits.ts'

export interface DiscoveryInit {
  findPeers: NonNullable<SwarmInit['findPeers']>
  infoHash: Uint8Array
  found: (peer: PeerAddress) => void
  clock: Clock
  log: Logger
}

/** Looks for peers now and every minute. Resolves when the signal aborts; never rejects. */
export async function keepLooking(init: DiscoveryInit, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      let left: number = limits.peers.known
      for await (const peer of init.findPeers(init.infoHash, { signal })) {
        if (signal.aborted || left-- === 0) break
        init.found(peer)
      }
    } catch (reason) {
      if (!signal.aborted) init.log.error('looking for peers failed - %e', asError(reason))
    }
    await pause(init.clock, limits.peers.findEvery, signal)
  }
}

function pause(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(delay, end)
    signal.addEventListener('abort', end)
  })
}
