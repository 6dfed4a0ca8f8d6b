import type { ContentRouting, Logger, Provider } from '@libp2p/interface'
import { asError, systemClock, type Clock } from '@peerage/wire'
import type { CID } from 'multiformats/cid'
import type { FollowedTorrent, PeerAddress, PeerSource } from '../api.ts'
import { pause } from '../pause.ts'
import { limits } from './limits.ts'
import { torrentCid } from './torrent-cid.ts'
import { Turns } from './turns.ts'

export interface DhtPeersInit {
  /** @default the node's own: every router it has, such as kad-dht */
  contentRouting?: Pick<ContentRouting, 'provide' | 'findProviders' | 'cancelReprovide'>
  /** @default systemClock */
  clock?: Clock
}

/**
 * A DHT as a source of peers. Of each torrent that is not private it is noted that this node has
 * pieces, as soon as it has some and again as long as it takes part; and as long as something is
 * lacking, it is asked every minute who else has any.
 */
export function dhtPeers(init: DhtPeersInit = {}): PeerSource {
  const { clock = systemClock } = init
  return {
    open: (components) => {
      const contentRouting = init.contentRouting ?? components.contentRouting
      if (contentRouting == null) {
        throw new Error('the node has no content routing: add kadDHT() to its services')
      }
      const log = components.logger.forComponent('peerage:swarm:dht')
      const turns = new Turns(limits.walks)
      return (torrent, { signal = new AbortController().signal }) =>
        new DhtFollower({ contentRouting, clock, log, turns, torrent, signal }).follow()
    }
  }
}

interface DhtFollowerInit {
  contentRouting: Pick<ContentRouting, 'provide' | 'findProviders' | 'cancelReprovide'>
  clock: Clock
  log: Logger
  turns: Turns
  torrent: FollowedTorrent
  signal: AbortSignal
}

/** One torrent in the DHT. */
class DhtFollower {
  readonly #init: DhtFollowerInit
  readonly #cid: CID
  #renewAt = -Infinity
  /** walks in a row that found nobody */
  #vain = 0

  constructor(init: DhtFollowerInit) {
    this.#init = init
    this.#cid = torrentCid(init.torrent.infoHash)
  }

  async *follow(): AsyncGenerator<PeerAddress> {
    const { torrent, signal, clock } = this.#init
    let providing: Promise<void> | undefined
    while (!signal.aborted) {
      const turned = torrent.turned()
      if (torrent.has() && clock.now() >= this.#renewAt) {
        // peers are looked for meanwhile
        this.#renewAt = Infinity
        providing = this.#provide()
      }
      if (torrent.left() !== 0) yield* this.#find(turned)
      await Promise.race([pause(clock, this.#wait(), signal), turned])
    }
    if (providing == null) return
    await providing
    await this.#forget()
  }

  /** Who comes at the same time as the others finds nobody at first, and should not wait for long. */
  #wait(): number {
    if (this.#vain === 0) return limits.every
    return Math.min(limits.every, limits.firstRetry * 2 ** (this.#vain - 1))
  }

  /** Never rejects. */
  async #provide(): Promise<void> {
    const { contentRouting, clock, log } = this.#init
    const walk = await this.#setOut()
    try {
      await contentRouting.provide(this.#cid, { signal: walk.signal })
      this.#renewAt = clock.now() + limits.renewEvery
    } catch (reason) {
      this.#renewAt = clock.now() + limits.every
      log('could not note that we have %c - %e', this.#cid, asError(reason))
    } finally {
      walk.end()
    }
  }

  /** Never rejects. @param enough resolves when no more peers are wanted */
  async *#find(enough: Promise<void>): AsyncGenerator<PeerAddress> {
    const { contentRouting, log } = this.#init
    const walk = await this.#setOut(enough)
    const { signal } = walk
    let room: number = limits.found
    try {
      if (signal.aborted) return
      for await (const provider of contentRouting.findProviders(this.#cid, { signal })) {
        yield reachable(provider)
        if (--room === 0 || signal.aborted) break
      }
    } catch (reason) {
      log('looking for peers of %c ended - %e', this.#cid, asError(reason))
    } finally {
      this.#vain = room === limits.found ? this.#vain + 1 : 0
      walk.end()
    }
  }

  /** Waits for its turn, and goes on for so long and no longer. */
  async #setOut(enough?: Promise<void>): Promise<{ signal: AbortSignal; end: () => void }> {
    const { turns, clock, signal } = this.#init
    const done = await turns.take()
    const home = new AbortController()
    const cancel = clock.after(limits.walkTimeout, () => {
      home.abort(new Error('the walk through the DHT took too long'))
    })
    void enough?.then(() => {
      home.abort(new Error('no more peers are wanted'))
    })
    const end = (): void => {
      cancel()
      done()
    }
    return { signal: AbortSignal.any([signal, home.signal]), end }
  }

  /** The record fades where it is; it is not renewed any more. */
  async #forget(): Promise<void> {
    try {
      await this.#init.contentRouting.cancelReprovide(this.#cid)
    } catch (reason) {
      this.#init.log('could not take back that we have %c - %e', this.#cid, asError(reason))
    }
  }
}

/** The addresses that came with it; the id alone lets libp2p look for some. */
function reachable({ id, multiaddrs }: Provider): PeerAddress {
  const end = `/p2p/${id.toString()}`
  const whole = multiaddrs.map((address) =>
    address.toString().endsWith(end) ? address : address.encapsulate(end)
  )
  return whole.length > 0 ? whole : id
}
