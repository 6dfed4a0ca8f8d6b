import type { AbortOptions, PeerId } from '@libp2p/interface'
import type { Channel, PeerKey } from '@peerage/wire'

/**
 * A channel whose first frame was read already and comes once more: the handshake says which
 * torrent a channel is for, and that torrent's core wants to read it too.
 */
export class ReplayedChannel<Frame> implements Channel<Frame> {
  readonly #channel: Channel<Frame>
  #first: Frame | undefined

  constructor(channel: Channel<Frame>, first: Frame) {
    this.#channel = channel
    this.#first = first
  }

  get peer(): PeerId {
    return this.#channel.peer
  }

  get key(): PeerKey {
    return this.#channel.key
  }

  get direction(): 'inbound' | 'outbound' {
    return this.#channel.direction
  }

  get limited(): boolean {
    return this.#channel.limited
  }

  get queued(): number {
    return this.#channel.queued
  }

  get closed(): Promise<void> {
    return this.#channel.closed
  }

  poll(): Frame | undefined {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#channel.poll()
  }

  async receive(options?: AbortOptions): Promise<Frame | undefined> {
    return this.poll() ?? this.#channel.receive(options)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame> {
    for (let frame = await this.receive(); frame !== undefined; frame = await this.receive()) {
      yield frame
    }
  }

  send(frame: Frame, options?: AbortOptions): Promise<void> {
    return this.#channel.send(frame, options)
  }

  post(frame: Frame): boolean {
    return this.#channel.post(frame)
  }

  ready(options?: AbortOptions): Promise<void> {
    return this.#channel.ready(options)
  }

  end(): Promise<void> {
    return this.#channel.end()
  }

  abort(error: Error): void {
    this.#channel.abort(error)
  }
}
