import type { Logger } from '@libp2p/interface'
import type { FollowedTorrent, FollowTorrent, PeerAddress } from './api.ts'
import { follow } from './discovery.ts'

/** A torrent and its sources of peers, from when it takes part until nobody is to know of it. */
export class Followed implements FollowedTorrent {
  readonly infoHash: Uint8Array
  readonly left: () => number | undefined
  readonly #ended = new AbortController()
  #turn = Promise.withResolvers<void>()
  #following: Promise<unknown> | undefined

  constructor(infoHash: Uint8Array, left: () => number | undefined) {
    this.infoHash = infoHash
    this.left = left
  }

  turned(): Promise<void> {
    return this.#turn.promise
  }

  /** Something is lacking and was not, or the other way about. */
  turn(): void {
    this.#turn.resolve()
    this.#turn = Promise.withResolvers()
  }

  /** Hands on the peers that sources tell of while something is lacking. */
  begin(sources: readonly FollowTorrent[], found: (peer: PeerAddress) => void, log: Logger): void {
    const { signal } = this.#ended
    const connect = (peer: PeerAddress): void => {
      if (this.left() !== 0) found(peer)
    }
    this.#following = Promise.all(
      sources.map((source) => follow(source, this, connect, log, signal))
    )
  }

  /** It stops, or turns out private. Resolves when the last source has heard. Never rejects. */
  async end(reason?: Error): Promise<void> {
    this.#ended.abort(reason)
    this.turn()
    await this.#following
  }
}
