import type { AbortOptions, Connection, PeerId, Stream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'
import type { Clock } from './clock.ts'
import { asError, ChannelClosedError, DeadlineError, UnexpectedEndError } from './errors.ts'
import { IdleTimer } from './idle-timer.ts'
import type { WireLimits } from './limits.ts'
import { Waiter } from './waiter.ts'

/** Bytes to and from one peer, in order, with back-pressure both ways. One reader and one writer at a time. */
export interface ByteChannel {
  readonly peer: PeerId
  readonly direction: 'inbound' | 'outbound'
  /** true over a relay that limits time and bytes */
  readonly limited: boolean
  /** The next bytes if some are here; waits for nothing. */
  poll(): Uint8Array | undefined
  /** The next bytes, or `undefined` when the peer ended its side. A cut relay looks like that too. */
  read(options?: AbortOptions): Promise<Uint8Array | undefined>
  /** Resolves when the bytes are on their way and there is room for more. */
  write(bytes: Uint8Array | Uint8ArrayList, options?: AbortOptions): Promise<void>
  /** Flushes and closes this side. Never rejects. */
  end(): Promise<void>
  /** Cuts the stream at once. */
  abort(error: Error): void
  /** resolves when the stream is over, whatever the reason */
  readonly closed: Promise<void>
}

/**
 * A yamux window may grow to this on a node that keeps its defaults; a paused stream is reset when
 * its read buffer is smaller than the window, so the buffer's cap follows the window, not the
 * other way round. The window stays the bound on memory.
 */
const LARGEST_WINDOW = 16 * 1024 * 1024

/**
 * The only class that listens to a libp2p stream. Its traps and how each is closed:
 * `onDrain()` waits once (the `drain` event is awaited instead); iterating has no back-pressure
 * (`pause()` is used); `pause()` inside a `message` listener is lost (it is called from a
 * microtask); rejections may be events (they become errors); a listener that throws ends the
 * process (none here can); silent streams live for ever (idle and total deadlines).
 */
export class StreamBytes implements ByteChannel {
  readonly peer: PeerId
  readonly direction: 'inbound' | 'outbound'
  readonly limited: boolean
  readonly closed: Promise<void>
  readonly #stream: Stream
  readonly #clock: Clock
  readonly #limits: WireLimits
  readonly #idle: IdleTimer
  readonly #cancelTotal: () => void
  #arrived: Uint8Array[] = []
  #arrivedBytes = 0
  #remoteEnded = false
  #over = false
  #error: Error | undefined
  readonly #reader = new Waiter()
  readonly #writer = new Waiter()

  constructor(stream: Stream, connection: Connection, clock: Clock, limits: WireLimits) {
    this.#stream = stream
    this.#clock = clock
    this.#limits = limits
    this.peer = connection.remotePeer
    this.direction = stream.direction
    this.limited = connection.limits != null
    this.#idle = new IdleTimer(clock, limits.idleTimeout, () => {
      // while we hold the sender back, silence is our own doing
      if (stream.readStatus === 'paused') return
      this.#expire(`nothing was heard from or taken by the peer for ${limits.idleTimeout} ms`)
    })
    this.#cancelTotal =
      limits.totalTimeout === Infinity
        ? () => {}
        : clock.after(limits.totalTimeout, () => {
            this.#expire(`the channel reached its longest life of ${limits.totalTimeout} ms`)
          })
    this.closed = new Promise((resolve) => {
      this.#listen(resolve)
    })
  }

  poll(): Uint8Array | undefined {
    const bytes = this.#arrived.shift()
    if (bytes == null) return undefined
    this.#arrivedBytes -= bytes.byteLength
    this.#resumeWhenRoom()
    return bytes
  }

  async read(options: AbortOptions = {}): Promise<Uint8Array | undefined> {
    for (;;) {
      options.signal?.throwIfAborted()
      const bytes = this.poll()
      if (bytes != null) return bytes
      if (this.#error != null) throw this.#error
      this.#resumeWhenRoom()
      if (this.#arrived.length > 0) continue
      if (this.#nothingMoreComes()) return undefined
      await this.#reader.wait(options.signal)
    }
  }

  async write(bytes: Uint8Array | Uint8ArrayList, options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    this.#throwIfUnwritable()
    try {
      if (this.#stream.send(bytes)) this.#idle.touch()
    } catch (reason) {
      throw asError(reason)
    }
    if (!this.#isFull()) return
    await this.#drained(options.signal)
  }

  async end(): Promise<void> {
    if (this.#over) return
    const signal = new AbortController()
    const cancel = this.#clock.after(this.#limits.endTimeout, () => {
      signal.abort()
    })
    try {
      await this.#stream.close({ signal: signal.signal })
    } catch (reason) {
      this.abort(asError(reason))
    } finally {
      cancel()
    }
    if (!this.#over) this.#cutWhenLeftOpen()
  }

  abort(error: Error): void {
    if (this.#over) return
    this.#error ??= error
    this.#arrived = []
    this.#arrivedBytes = 0
    this.#stream.abort(error)
  }

  #listen(onOver: () => void): void {
    const stream = this.#stream
    stream.maxReadBufferLength = Math.max(stream.maxReadBufferLength, LARGEST_WINDOW)
    stream.addEventListener('message', ({ data }) => {
      this.#idle.touch()
      for (const chunk of data instanceof Uint8Array ? [data] : data) this.#arrived.push(chunk)
      this.#arrivedBytes += data.byteLength
      // not here: resume() dispatches to this listener before it clears the pause
      if (this.#arrivedBytes >= this.#limits.readHighMark) queueMicrotask(this.#pause)
      this.#reader.wake()
    })
    stream.addEventListener('remoteCloseWrite', () => {
      this.#remoteEnded = true
      this.#reader.wake()
    })
    for (const event of ['drain', 'idle'] as const) {
      stream.addEventListener(event, () => {
        this.#writer.wake()
      })
    }
    stream.addEventListener('close', ({ error }) => {
      this.#settle(error)
      onOver()
    })
    // closed before anybody could listen
    if (stream.status !== 'open' && stream.status !== 'closing') {
      this.#settle()
      onOver()
    }
    this.#remoteEnded ||= stream.remoteWriteStatus === 'closed'
  }

  #settle(error?: Error): void {
    this.#over = true
    if (error != null) this.#error ??= asError(error)
    this.#idle.stop()
    this.#cancelTotal()
    this.#reader.wake()
    this.#writer.wake()
  }

  readonly #pause = (): void => {
    if (this.#arrivedBytes < this.#limits.readHighMark || this.#stream.readStatus !== 'readable')
      return
    this.#stream.pause()
  }

  #resumeWhenRoom(): void {
    if (this.#arrivedBytes > this.#limits.readLowMark || this.#stream.readStatus !== 'paused')
      return
    try {
      this.#stream.resume()
    } catch (reason) {
      // the muxer is gone, what it had delivered is not
      this.#settle(asError(reason))
    }
  }

  /** The other side has a while to close too; a half-open stream would keep its place for ever. */
  #cutWhenLeftOpen(): void {
    const cancel = this.#clock.after(this.#limits.endTimeout, () => {
      this.#expire(`the peer did not close its side within ${this.#limits.endTimeout} ms`)
    })
    void this.closed.then(cancel)
  }

  #nothingMoreComes(): boolean {
    return (this.#remoteEnded || this.#over) && this.#stream.readBufferLength === 0
  }

  #isFull(): boolean {
    const { writableNeedsDrain, writeBufferLength } = this.#stream
    return writableNeedsDrain || writeBufferLength > this.#limits.sendHighMark
  }

  /** Waits for the event itself: `onDrain()` keeps its first promise and never waits again. */
  async #drained(signal?: AbortSignal): Promise<void> {
    const cancel = this.#clock.after(this.#limits.stallTimeout, () => {
      this.#expire(`the peer took nothing for ${this.#limits.stallTimeout} ms`)
    })
    try {
      while (this.#isFull()) {
        this.#throwIfUnwritable()
        await this.#writer.wait(signal)
        this.#idle.touch()
      }
      this.#throwIfUnwritable()
    } finally {
      cancel()
    }
  }

  #throwIfUnwritable(): void {
    if (this.#error != null) throw this.#error
    if (this.#stream.writeStatus === 'writable') return
    if (this.#over) throw new UnexpectedEndError('the peer closed the stream')
    throw new ChannelClosedError('this side has closed the stream already')
  }

  #expire(message: string): void {
    this.abort(new DeadlineError(message))
  }
}
