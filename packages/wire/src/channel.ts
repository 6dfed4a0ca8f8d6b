import type { AbortOptions, PeerId } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import type { ByteChannel } from './byte-channel.ts'
import type { PeerKey } from './core/core.ts'
import {
  asError,
  ChannelClosedError,
  TooLargeError,
  UnexpectedEndError,
  WireError
} from './errors.ts'
import type { FrameReader, Framing } from './framing.ts'
import type { WireLimits } from './limits.ts'
import { Waiter } from './waiter.ts'

/** Frames to and from one peer, with back-pressure both ways, deadlines and an explicit goodbye. */
export interface Channel<Frame> {
  readonly peer: PeerId
  /** `peer` in its text form */
  readonly key: PeerKey
  readonly direction: 'inbound' | 'outbound'
  /** true over a relay that limits time and bytes */
  readonly limited: boolean
  /** bytes waiting to be sent */
  readonly queued: number
  /** Queues a frame; resolves once the queue is below its high mark. */
  send(frame: Frame, options?: AbortOptions): Promise<void>
  /**
   * Queues a frame without waiting; `false` says the queue is above its high mark. Past `sendMax`
   * the channel is cut: a peer that takes nothing must not fill our memory.
   */
  post(frame: Frame): boolean
  /** Resolves when the queue is below its low mark, or the channel is over. */
  ready(options?: AbortOptions): Promise<void>
  /**
   * The next frame if it is here; `undefined` says to {@link receive}. It spares a promise where
   * thousands of frames a second come.
   *
   * @throws {WireError} the peer broke the protocol; the channel is cut
   */
  poll(): Frame | undefined
  /**
   * The next frame; `undefined` after the peer's goodbye. One caller at a time.
   *
   * @throws {UnexpectedEndError} the stream ended without a goodbye
   * @throws {WireError} the peer broke the protocol; the channel is cut
   */
  receive(options?: AbortOptions): Promise<Frame | undefined>
  /** Frames until the goodbye. Nothing is read from the peer that is not asked for. */
  [Symbol.asyncIterator](): AsyncIterator<Frame>
  /** Says goodbye, flushes and closes. Never rejects. */
  end(): Promise<void>
  /** Cuts the channel at once. */
  abort(error: Error): void
  /** resolves when it is over, whatever the reason */
  readonly closed: Promise<void>
}

/** As much as one write takes from the queue: large writes save a third of the cost of small ones. */
const BATCH = 256 * 1024

export class FrameChannel<Frame> implements Channel<Frame> {
  readonly key: PeerKey
  readonly #bytes: ByteChannel
  readonly #framing: Framing<Frame>
  readonly #reader: FrameReader<Frame>
  readonly #limits: WireLimits
  readonly #room = new Waiter()
  #queue: Uint8Array[] = []
  #queued = 0
  #pumping: Promise<void> | undefined
  #saidGoodbye = false
  #heardGoodbye = false
  #over = false

  constructor(bytes: ByteChannel, framing: Framing<Frame>, limits: WireLimits) {
    this.#bytes = bytes
    this.#framing = framing
    this.#reader = framing.reader()
    this.#limits = limits
    this.key = bytes.peer.toString()
    void bytes.closed.then(() => {
      this.#over = true
      this.#room.wake()
    })
  }

  get peer(): PeerId {
    return this.#bytes.peer
  }

  get direction(): 'inbound' | 'outbound' {
    return this.#bytes.direction
  }

  get limited(): boolean {
    return this.#bytes.limited
  }

  get closed(): Promise<void> {
    return this.#bytes.closed
  }

  get queued(): number {
    return this.#queued
  }

  async send(frame: Frame, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    if (this.#saidGoodbye || this.#over) throw new ChannelClosedError('the channel is closed')
    if (this.post(frame)) return
    while (this.#queued >= this.#limits.sendHighMark && !this.#over) {
      await this.#room.wait(options.signal)
    }
    if (this.#over) throw new UnexpectedEndError('the channel closed before the frame was sent')
  }

  post(frame: Frame): boolean {
    if (this.#saidGoodbye || this.#over) return false
    const encoded = this.#framing.encode(frame)
    for (const part of encoded instanceof Uint8Array ? [encoded] : encoded) this.#enqueue(part)
    if (this.#queued > this.#limits.sendMax) {
      this.abort(new TooLargeError(`the peer left ${this.#queued} bytes waiting to be sent`))
      return false
    }
    this.#pumping ??= this.#pump()
    return this.#queued < this.#limits.sendHighMark
  }

  async ready(options: AbortOptions = {}): Promise<void> {
    while (this.#queued > this.#limits.sendLowMark && !this.#over) {
      await this.#room.wait(options.signal)
    }
  }

  poll(): Frame | undefined {
    while (!this.#heardGoodbye) {
      const next = this.#reader.next()
      if (next instanceof WireError) {
        this.abort(next)
        throw next
      }
      if (next === 'goodbye') this.#heardGoodbye = true
      else if (next !== undefined) return next
      else {
        const bytes = this.#bytes.poll()
        if (bytes == null) return undefined
        this.#reader.push(bytes)
      }
    }
    return undefined
  }

  async receive(options: AbortOptions = {}): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.poll()
      if (frame !== undefined || this.#heardGoodbye) return frame
      const bytes = await this.#bytes.read(options)
      if (bytes == null) return this.#endOfStream()
      this.#reader.push(bytes)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame> {
    for (;;) {
      const frame = await this.receive()
      if (frame === undefined) return
      yield frame
    }
  }

  async end(): Promise<void> {
    if (!this.#saidGoodbye && !this.#over) {
      this.#saidGoodbye = true
      if (this.#framing.goodbye != null) this.#enqueue(this.#framing.goodbye)
      this.#pumping ??= this.#pump()
    }
    await this.#pumping
    await this.#bytes.end()
  }

  abort(error: Error): void {
    this.#queue = []
    this.#queued = 0
    this.#bytes.abort(error)
  }

  /** A stream may end cleanly and still be cut short: only the goodbye tells (a relay's cut looks clean). */
  #endOfStream(): undefined {
    if (this.#framing.goodbye == null) return undefined
    const error = new UnexpectedEndError('the stream ended without a goodbye')
    this.abort(error)
    throw error
  }

  #enqueue(part: Uint8Array): void {
    this.#queue.push(part)
    this.#queued += part.byteLength
  }

  /** Writes the queue in large batches until it is empty; an error has cut the stream already. */
  async #pump(): Promise<void> {
    // a tick's worth of frames goes out as one write
    await Promise.resolve()
    try {
      while (this.#queue.length > 0) {
        const batch = this.#nextBatch()
        await this.#bytes.write(batch)
        this.#queued = Math.max(0, this.#queued - batch.byteLength)
        this.#room.wake()
      }
    } catch (reason) {
      this.abort(asError(reason))
    } finally {
      this.#pumping = undefined
    }
  }

  #nextBatch(): Uint8ArrayList {
    let count = 0
    for (let size = 0; count < this.#queue.length && size < BATCH; count++) {
      size += this.#queue[count]!.byteLength
    }
    const batch = new Uint8ArrayList(...this.#queue.slice(0, count))
    this.#queue = this.#queue.slice(count)
    return batch
  }
}
