import { limits } from '../../limits.ts'

const { floor, ceiling, ahead, slowStartGain } = limits.requests

/**
 * How many blocks to keep asked of one peer, and how long to wait for one.
 *
 * Libtorrent's slow start: one more for each block that comes, until a second brings hardly more
 * than the one before; from then on as much as the peer's rate fills in its fastest answer time
 * plus a second.
 */
export class RequestWindow {
  /** requests the peer says it keeps waiting (`reqq`, BEP 10) */
  #most: number = ceiling
  #size: number = floor
  #slowStart = true
  #snubbed = false
  /** the running second: when it began, and its bytes */
  #secondAt: number | undefined
  #secondBytes = 0
  /** bytes per second in the second before */
  #rate = 0
  #answers = 0
  #fastest = Infinity
  #mean = 0
  #deviation = 0

  /** requests to keep open */
  get size(): number {
    return this.#snubbed ? 1 : this.#size
  }

  get snubbed(): boolean {
    return this.#snubbed
  }

  /**
   * Silence after which the peer is snubbed, in milliseconds: twice its mean answer and 4 deviations.
   * A link that others begin to share slows down at once, and its blocks asked for twice are waste.
   */
  get timeout(): number {
    const { firstTimeout, firstAnswers, shortestTimeout, longestTimeout } = limits.requests
    if (this.#answers < firstAnswers) return firstTimeout
    const measured = 2 * this.#mean + 4 * this.#deviation
    return Math.min(longestTimeout, Math.max(shortestTimeout, measured))
  }

  /** The peer keeps this many requests waiting, whatever it is. */
  cap(requests: number): void {
    this.#most = Math.max(1, Math.min(ceiling, requests))
    this.#resize(this.#size)
  }

  /** The peer serves us from now on: the time before says nothing of its rate. */
  begin(): void {
    this.#secondAt = undefined
    this.#secondBytes = 0
  }

  /** The peer owes us blocks and is silent: ask one at a time until it sends again. */
  snub(): void {
    this.#snubbed = true
    this.#size = floor
    this.#slowStart = false
  }

  /** A block has come. @param took milliseconds since it was asked for */
  received(now: number, bytes: number, took: number): void {
    this.#snubbed = false
    this.#measure(took)
    if (this.#slowStart) this.#resize(this.#size + 1)
    this.#secondAt ??= now
    if (now - this.#secondAt >= 1_000) this.#nextSecond(now)
    this.#secondBytes += bytes
  }

  #nextSecond(now: number): void {
    const rate = (this.#secondBytes * 1_000) / (now - this.#secondAt!)
    if (rate < this.#rate + slowStartGain) this.#slowStart = false
    this.#rate = rate
    this.#secondAt = now
    this.#secondBytes = 0
    if (this.#slowStart) return
    this.#resize((rate * (this.#fastest + ahead)) / 1_000 / limits.wire.block)
  }

  #resize(size: number): void {
    this.#size = Math.min(this.#most, Math.max(floor, Math.round(size)))
  }

  /** As TCP does for its retransmissions (RFC 6298). */
  #measure(took: number): void {
    if (this.#answers++ === 0) {
      this.#mean = took
      this.#deviation = took / 2
    } else {
      this.#deviation += (Math.abs(took - this.#mean) - this.#deviation) / 4
      this.#mean += (took - this.#mean) / 8
    }
    this.#fastest = Math.min(this.#fastest, took)
  }
}
