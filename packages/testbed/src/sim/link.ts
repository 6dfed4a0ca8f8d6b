import type { Random } from '@peerage/wire'

/** What lies between two hosts. */
export interface LinkInit {
  /** one way, in milliseconds */
  latency: number
  /**
   * up to this many milliseconds more, evenly spread
   *
   * @default 0
   */
  jitter?: number
  /**
   * share of frames, in [0, 0.9], whose first copy is lost. Channels are reliable, so a loss shows
   * as a wait for the second copy, and as a wait for everything behind it.
   *
   * @default 0
   */
  loss?: number
}

/** shortest wait before a lost packet is sent again: Linux's minimum (RFC 6298 would allow 1 s) */
const retransmitAfter = 200_000

/** How long frames are under way on a link. Never changes, so one object serves all links alike. */
export class Link {
  readonly latency: number
  readonly #jitter: number
  readonly #lossOf2to32: number

  constructor({ latency, jitter = 0, loss = 0 }: LinkInit) {
    if (!(latency >= 0 && jitter >= 0 && loss >= 0 && loss <= 0.9)) {
      throw new RangeError('a link needs latency and jitter of 0 ms or more and loss in [0, 0.9]')
    }
    this.latency = Math.round(latency * 1000)
    this.#jitter = Math.round(jitter * 1000)
    this.#lossOf2to32 = loss * 2 ** 32
  }

  /** How long one frame is under way, lost copies included. */
  travel(random: Random): number {
    let micros = this.latency
    if (this.#jitter > 0) micros += random.below(this.#jitter + 1)
    if (this.#lossOf2to32 === 0) return micros
    while (random.u32() < this.#lossOf2to32) micros += Math.max(retransmitAfter, 2 * this.latency)
    return micros
  }
}
