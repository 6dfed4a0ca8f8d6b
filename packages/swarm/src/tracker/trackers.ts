import type { AbortOptions, Logger } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { asError, secureRandom, systemClock, type Clock, type Random } from '@peerage/wire'
import type { FollowedTorrent, PeerAddress, PeerSource } from '../api.ts'
import { pause } from '../pause.ts'
import { TrackerClient, type AnnounceResult } from './client.ts'
import { limits } from './limits.ts'
import type { AnnounceEvent } from './messages.ts'
import { Tiers } from './tiers.ts'

export interface TrackersInit {
  /** @default systemClock */
  clock?: Clock
  /** shuffles each tier once @default secureRandom */
  random?: Random
}

/**
 * Trackers as a source of peers: each torrent that is not private is announced while it takes part,
 * and who else does is handed to the swarm.
 *
 * @param tiers addresses of trackers, in tiers (BEP 12): the next tier is asked when nobody of the
 * one before answers
 * @throws when one is no multiaddr
 */
export function trackers(
  tiers: readonly (readonly (string | Multiaddr)[])[],
  init: TrackersInit = {}
): PeerSource {
  const { clock = systemClock, random = secureRandom } = init
  const addresses = tiers.map((tier) => tier.map((address) => multiaddr(address)))
  return {
    open: (components) => {
      const client = new TrackerClient(components, { clock })
      const log = components.logger.forComponent('peerage:swarm:trackers')
      const announcer = new Announcer(client, new Tiers(addresses, random), clock, log)
      return (torrent, options) => announcer.follow(torrent, options)
    }
  }
}

/** Announces the torrents of one node. */
class Announcer {
  readonly #client: TrackerClient
  readonly #tiers: Tiers<Multiaddr>
  readonly #clock: Clock
  readonly #log: Logger
  /** what was last asked: one at a time, so that a thousand torrents do not open a thousand streams */
  #last: Promise<unknown> = Promise.resolve()

  constructor(client: TrackerClient, tiers: Tiers<Multiaddr>, clock: Clock, log: Logger) {
    this.#client = client
    this.#tiers = tiers
    this.#clock = clock
    this.#log = log
  }

  async *follow(torrent: FollowedTorrent, options: AbortOptions): AsyncGenerator<PeerAddress> {
    const signal = options.signal ?? new AbortController().signal
    let known = false
    let complete = torrent.left() === 0
    let event: AnnounceEvent | undefined = 'started'
    try {
      while (!signal.aborted) {
        const turned = torrent.turned()
        const announcedAt = this.#clock.now()
        const answer = await this.#announce(torrent, event, signal)
        if (answer != null) {
          known = true
          event = undefined
          if (torrent.left() !== 0) yield* answer.peers
        }
        const delay = answer?.interval ?? this.#tiers.nextAt - this.#clock.now()
        await Promise.race([pause(this.#clock, delay, signal), turned])
        if (complete || torrent.left() !== 0) {
          // who selects other files all the time is not to announce all the time
          const soonest = announcedAt + limits.client.shortestInterval - this.#clock.now()
          if (answer != null && soonest > 0) await pause(this.#clock, soonest, signal)
          continue
        }
        complete = true
        // who never knew that we came need not know that we got it all
        if (known) event = 'completed'
      }
    } finally {
      if (event === 'completed') await this.#lastWord(torrent, event)
      if (known) await this.#lastWord(torrent, 'stopped')
    }
  }

  /** Asks one tracker after the other until one answers. Never rejects. */
  async #announce(
    torrent: FollowedTorrent,
    event: AnnounceEvent | undefined,
    signal: AbortSignal
  ): Promise<AnnounceResult | undefined> {
    for (const tracker of this.#tiers.due(this.#clock.now())) {
      const answer = await this.#inTurn(() => this.#ask(tracker, torrent, event, signal))
      if (answer != null || signal.aborted) return answer
    }
    return undefined
  }

  async #ask(
    tracker: Multiaddr,
    { infoHash, left }: FollowedTorrent,
    event: AnnounceEvent | undefined,
    signal: AbortSignal
  ): Promise<AnnounceResult | undefined> {
    // it may have failed another torrent while this one waited
    if (signal.aborted || !this.#tiers.due(this.#clock.now()).includes(tracker)) return undefined
    try {
      const lacking = left()
      const what = { infoHash, ...(event && { event }), ...(lacking != null && { left: lacking }) }
      const answer = await this.#client.announce(tracker, what, { signal })
      this.#tiers.answered(tracker)
      return answer
    } catch (reason) {
      if (signal.aborted) return undefined
      this.#tiers.failed(this.#clock.now(), tracker)
      this.#log('the tracker at %a did not answer - %e', tracker, asError(reason))
      return undefined
    }
  }

  /** A torrent leaves: the tracker that knows it is told, if that takes no time. */
  async #lastWord(torrent: FollowedTorrent, event: AnnounceEvent): Promise<void> {
    const late = new AbortController()
    const cancel = this.#clock.after(limits.client.farewell, () => {
      late.abort()
    })
    await this.#announce(torrent, event, late.signal).finally(cancel)
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run)
    this.#last = turn
    return turn
  }
}
