import type { Core, Emit, Input, PeerKey, Vocabulary } from '@peerage/wire'

/** A rumour spreads: whoever hears it first tells it on to everybody else. */
export interface Gossip extends Vocabulary {
  frame: { rumour: number; hops: number }
  ask: { rumour: number }
  work: never
  result: never
  news: { rumour: number; hops: number; at: number }
}

export interface GossipInit {
  /** when it makes up its first rumour, in milliseconds @default Infinity */
  firstAt?: number
  /** milliseconds to the next one @default Infinity */
  every?: number
  /** the first rumour it makes up; the next ones count up from it @default 0 */
  own?: number
}

/** The smallest core that floods: for benchmarks, and for tests of what runs cores. */
export class GossipCore implements Core<Gossip> {
  wakeAt = Infinity
  readonly #peers = new Set<PeerKey>()
  readonly #heard = new Set<number>()
  readonly #every: number
  #own: number

  constructor(init: GossipInit = {}) {
    this.#every = init.every ?? Infinity
    this.#own = init.own ?? 0
    this.wakeAt = init.firstAt ?? Infinity
  }

  handle(now: number, input: Input<Gossip>, emit: Emit<Gossip>): void {
    if (input.type === 'up') this.#peers.add(input.peer)
    else if (input.type === 'down') this.#peers.delete(input.peer)
    else if (input.type === 'ask') this.#hear(now, input.ask.rumour, 0, emit)
    else if (input.type === 'frame') {
      this.#hear(now, input.frame.rumour, input.frame.hops, emit, input.peer)
    } else if (input.type === 'wake') {
      this.wakeAt = now + this.#every
      this.#hear(now, this.#own++, 0, emit)
    }
  }

  #hear(now: number, rumour: number, hops: number, emit: Emit<Gossip>, from?: PeerKey): void {
    if (this.#heard.has(rumour)) return
    this.#heard.add(rumour)
    emit({ type: 'tell', news: { rumour, hops, at: now } })
    for (const peer of this.#peers) {
      if (peer !== from) emit({ type: 'send', peer, frame: { rumour, hops: hops + 1 } })
    }
  }
}
