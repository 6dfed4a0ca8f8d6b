import { asError, type Clock } from '@peerage/wire'
import type { AbortOptions, Logger } from '@libp2p/interface'
import type {
  FindPeers,
  FollowedTorrent,
  FollowTorrent,
  PeerAddress,
  PeerSource,
  SwarmComponents,
  SwarmInit
} from '../api.ts'
import { limits } from '../limits.ts'
import { pause } from '../pause.ts'

/** Makes one way of following a torrent of each of the sources a swarm was given. */
export function openSources(
  sources: SwarmInit['findPeers'],
  components: SwarmComponents,
  clock: Clock,
  log: Logger
): FollowTorrent[] {
  return [sources ?? []].flat().map((source: FindPeers | PeerSource) => {
    if (typeof source !== 'function') return source.open(components)
    return (torrent, options) => keepLooking(source, torrent, clock, log, options)
  })
}

/** Hands on every peer a source knows until the signal aborts. Never rejects. */
export async function follow(
  source: FollowTorrent,
  torrent: FollowedTorrent,
  found: (peer: PeerAddress) => void,
  log: Logger,
  signal: AbortSignal
): Promise<void> {
  try {
    for await (const peer of source(torrent, { signal })) found(peer)
  } catch (reason) {
    if (!signal.aborted) log.error('a source of peers failed - %e', asError(reason))
  }
}

/** Asks a plain function whenever something is lacking. */
async function* keepLooking(
  findPeers: FindPeers,
  torrent: FollowedTorrent,
  clock: Clock,
  log: Logger,
  options: AbortOptions
): AsyncGenerator<PeerAddress> {
  while (options.signal?.aborted !== true) {
    if (torrent.left() === 0) await torrent.turned()
    else yield* lookUntilHere(findPeers, torrent, clock, log, options)
  }
}

/** Asks now and every minute until everything is here. */
async function* lookUntilHere(
  findPeers: FindPeers,
  torrent: FollowedTorrent,
  clock: Clock,
  log: Logger,
  options: AbortOptions
): AsyncGenerator<PeerAddress> {
  const enough = new AbortController()
  const end = (): void => {
    enough.abort(options.signal?.reason)
  }
  options.signal?.addEventListener('abort', end)
  void torrent.turned().then(end)
  const { signal } = enough
  while (!signal.aborted && torrent.left() !== 0) {
    try {
      let room: number = limits.peers.known
      for await (const peer of findPeers(torrent.infoHash, { signal })) {
        if (signal.aborted || room-- === 0) break
        yield peer
      }
    } catch (reason) {
      if (!signal.aborted) log.error('looking for peers failed - %e', asError(reason))
    }
    await pause(clock, limits.peers.findEvery, signal)
  }
  options.signal?.removeEventListener('abort', end)
}
