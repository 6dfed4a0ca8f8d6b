import type { AbortOptions, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { asError, type Clock, type PeerKey } from '@peerage/wire'
import type { FloodNews, Refusal } from './core/vocabulary.ts'
import { JoinError, type JoinAttempt } from './errors.ts'
import { limits } from './limits.ts'

export interface JoinerInit {
  /** connects, and says to whom */
  connect: (target: PeerId | Multiaddr, options: AbortOptions) => Promise<PeerId>
  /** has the core make it a neighbour, if it can */
  propose: (peer: PeerKey) => void
  isNeighbour: (peer: PeerKey) => boolean
  clock: Clock
}

interface Waiter {
  readonly peer: PeerKey
  readonly done: () => void
  readonly failed: (error: Error) => void
  /** any neighbour will do: this one was full and named others */
  isContent: boolean
  forgetTimer: () => void
}

/** Waits until one of the peers a user named has become a neighbour. */
export class Joiner {
  readonly #init: JoinerInit
  readonly #waiters = new Set<Waiter>()

  constructor(init: JoinerInit) {
    this.#init = init
  }

  /** Resolves with the first new neighbour. @throws JoinError when there is none */
  async join(targets: ReadonlyArray<PeerId | Multiaddr>, options: AbortOptions): Promise<void> {
    options.signal?.throwIfAborted()
    const attempts: JoinAttempt[] = []
    const each = targets.map(async (target) => {
      try {
        await this.#joinOne(target, options)
      } catch (reason) {
        attempts.push({ target: target.toString(), error: asError(reason) })
        throw reason
      }
    })
    await Promise.any(each).catch(() => {
      options.signal?.throwIfAborted()
      throw new JoinError(attempts)
    })
  }

  /** Hears what the core tells of its peers. */
  news(news: FloodNews): void {
    for (const waiter of this.#waiters) {
      if (news.type === 'neighbour-up' && (waiter.isContent || news.peer === waiter.peer)) {
        waiter.done()
      } else if (news.type === 'refused' && news.peer === waiter.peer) {
        this.#refused(waiter, news)
      }
    }
  }

  /** Fails what is still waiting. */
  stop(): void {
    for (const waiter of this.#waiters) waiter.failed(new Error('the node was stopped'))
  }

  async #joinOne(target: PeerId | Multiaddr, options: AbortOptions): Promise<void> {
    const { connect, propose, isNeighbour } = this.#init
    const peer = (await connect(target, options)).toString()
    if (isNeighbour(peer)) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = {
      peer,
      done: resolve,
      failed: reject,
      isContent: false,
      forgetTimer: () => {}
    }
    this.#failAfter(waiter, limits.helloTimeout, new Error('it does not say hello'))
    const onAbort = (): void => reject(asError(options.signal?.reason))
    options.signal?.addEventListener('abort', onAbort)
    this.#waiters.add(waiter)
    try {
      propose(peer)
      await promise
    } finally {
      waiter.forgetTimer()
      options.signal?.removeEventListener('abort', onAbort)
      this.#waiters.delete(waiter)
    }
  }

  #refused(waiter: Waiter, { by, reason }: Refusal): void {
    if (by === 'nobody') {
      // both sides may have opened a channel: then the other one follows at once
      this.#failAfter(waiter, limits.joinGrace, new Error(reason))
    } else if (by === 'them' && reason === 'full') {
      waiter.isContent = true
      const error = new Error('it has no room for another neighbour, nor have those it named')
      this.#failAfter(waiter, limits.helloTimeout, error)
    } else if (by === 'us' && reason === 'full') {
      waiter.failed(new Error('this node has as many neighbours as it may: raise neighbours.max'))
    } else {
      waiter.failed(new Error(by === 'them' ? `it refused: ${reason}` : reason))
    }
  }

  #failAfter(waiter: Waiter, delay: number, error: Error): void {
    waiter.forgetTimer()
    waiter.forgetTimer = this.#init.clock.after(delay, () => waiter.failed(error))
  }
}
