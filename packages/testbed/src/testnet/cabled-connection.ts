import type { MultiaddrConnection } from '@libp2p/interface'
import { AbstractMultiaddrConnection } from '@libp2p/utils'
import type { Cable } from './cable.ts'
import { Lane } from './lane.ts'

type Bytes = Parameters<AbstractMultiaddrConnection['sendData']>[0]

/** pieces waiting on a lane at which the muxer above is asked to wait as well */
const highMark = 256

/**
 * A connection as it comes from its transport, laid through a cable. Everything passes it in order,
 * the end included: over a cut cable even a reset does not get through.
 */
export class CabledConnection extends AbstractMultiaddrConnection {
  readonly #raw: MultiaddrConnection
  readonly #out: Lane
  readonly #in: Lane

  constructor(raw: MultiaddrConnection, cable: Cable) {
    super({ log: raw.log, direction: raw.direction, remoteAddr: raw.remoteAddr })
    this.#raw = raw
    this.#out = new Lane(cable, () => this.#drained())
    this.#in = new Lane(cable)
    const letGo = [cable.carry(this.#out), cable.carry(this.#in)]
    raw.addEventListener('message', ({ data }) => this.#in.put(() => this.onData(data)))
    raw.addEventListener('drain', () => this.#drained())
    raw.addEventListener('close', ({ error }) =>
      this.#in.put(() => {
        for (const lane of letGo) lane()
        this.#over(error)
      })
    )
  }

  override sendData(data: Bytes): { sentBytes: number; canSendMore: boolean } {
    const sentBytes = data.byteLength
    this.#out.put(() => {
      if (this.#raw.status === 'open') this.#raw.send(data)
    })
    return { sentBytes, canSendMore: !this.#raw.writableNeedsDrain && this.#out.size < highMark }
  }

  /** Resolves at once, as a socket's does: the last bytes may still be under way. */
  override sendClose(): Promise<void> {
    this.#out.put(() => void this.#raw.close().catch((error: Error) => this.#raw.abort(error)))
    return Promise.resolve()
  }

  override sendReset(error: Error): void {
    this.#out.put(() => this.#raw.abort(error))
  }

  override sendPause(): void {
    if (this.#raw.status === 'open') this.#raw.pause()
  }

  override sendResume(): void {
    if (this.#raw.status === 'open') this.#raw.resume()
  }

  #drained(): void {
    if (this.writableNeedsDrain && this.#out.size === 0) this.safeDispatchEvent('drain')
  }

  #over(error?: Error): void {
    if (this.status !== 'open' && this.status !== 'closing') return
    if (error == null) this.onTransportClosed()
    else this.onRemoteReset()
  }
}
