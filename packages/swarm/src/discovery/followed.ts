import type { Logger } from '@libp2p/interface'
import type { FollowedTorrent, FollowTorrent, PeerAddress } from '../api.ts'
import { swarmHashes, type Hashes } from '../codec/content-id.ts'
import { toHex } from '../codec/text.ts'
import { follow } from './discovery.ts'

/** A torrent and its sources of peers, from when it takes part until nobody is to know of it. */
export class Followed {
  readonly #of: Pick<FollowedTorrent, 'has' | 'left'>
  readonly #ended = new AbortController()
  #turn = Promise.withResolvers<void>()
  /** by hash: of a hybrid there are two, the second of which may become known later */
  readonly #following = new Map<string, Promise<unknown>>()

  constructor(of: Pick<FollowedTorrent, 'has' | 'left'>) {
    this.#of = of
  }

  /** Something is lacking and was not, or the other way about. */
  turn(): void {
    this.#turn.resolve()
    this.#turn = Promise.withResolvers()
  }

  /** Hands on the peers that sources tell of, under each hash that is new, while something is lacking. */
  begin(
    torrent: Hashes,
    sources: readonly FollowTorrent[],
    found: (peer: PeerAddress) => void,
    log: Logger
  ): void {
    const { has, left } = this.#of
    const turned = (): Promise<void> => this.#turn.promise
    const { signal } = this.#ended
    const connect = (peer: PeerAddress): void => {
      if (left() !== 0) found(peer)
    }
    for (const infoHash of swarmHashes(torrent)) {
      const key = toHex(infoHash)
      if (signal.aborted || this.#following.has(key)) continue
      const followed = { infoHash, has, left, turned }
      const each = sources.map((source) => follow(source, followed, connect, log, signal))
      this.#following.set(key, Promise.all(each))
    }
  }

  /** It stops, or turns out private. Resolves when the last source has heard. Never rejects. */
  async end(reason?: Error): Promise<void> {
    this.#ended.abort(reason)
    this.turn()
    await Promise.all(this.#following.values())
  }
}
