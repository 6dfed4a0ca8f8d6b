import type { MessageStream, StreamCloseEvent } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/limits.ts'
import { secure, tcpPair } from './tcp-pair.ts'

const event = <T extends Event = Event>(
  stream: MessageStream,
  name: 'close' | 'drain'
): Promise<T> =>
  new Promise((resolve) => {
    stream.addEventListener(name, (event) => resolve(event as unknown as T), { once: true })
  })

/** Counts what arrives; resolves once it is `size` bytes. */
const receive = (stream: MessageStream, size: number): Promise<void> =>
  new Promise((resolve) => {
    let count = 0
    stream.addEventListener('message', ({ data }) => {
      count += data.byteLength
      if (count >= size) resolve()
    })
  })

/** Sends blocks until the stream says to wait; returns how many bytes it took. */
function fill(stream: MessageStream): number {
  const block = new Uint8Array(64 * 1024)
  let sent = block.length
  while (stream.send(block)) sent += block.length
  return sent
}

/** Sends and waits until nothing has drained for a while: both kernels and all buffers are full. */
async function fillUp(stream: MessageStream): Promise<number> {
  let sent = 0
  for (;;) {
    const drained = event(stream, 'drain').then(() => true)
    sent += fill(stream)
    const stuck = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), 300)
    })
    if (!(await Promise.race([drained, stuck]))) return sent
  }
}

const kinds = {
  'on a socket': async () => {
    const { dialer, listener } = await tcpPair()
    return secure(dialer, listener)
  },
  'over a stream': async () => {
    const [a, b] = multiaddrConnectionPair()
    return secure(a, b)
  }
}

describe.each(Object.entries(kinds))('a secured stream %s', (_kind, make) => {
  it('delivers what was sent before it was closed', async () => {
    const { dialing, listening } = await make()
    const size = 1024 * 1024
    const received = receive(listening.connection, size)
    const ended = event<StreamCloseEvent>(listening.connection, 'close')
    dialing.connection.send(new Uint8Array(size))
    await dialing.connection.close()
    await received
    expect((await ended).error).toBeUndefined()
    expect(dialing.connection.status).toBe('closed')
    expect(listening.connection.status).toBe('closed')
  })

  it('tells the other side of an abort', async () => {
    const { dialing, listening } = await make()
    const first = receive(listening.connection, 1)
    dialing.connection.send(new Uint8Array(1))
    await first
    const ended = event<StreamCloseEvent>(listening.connection, 'close')
    dialing.connection.abort(new Error('enough'))
    expect((await ended).error).toBeInstanceOf(Error)
    expect(dialing.connection.status).toBe('aborted')
    expect(() => dialing.connection.send(new Uint8Array(1))).toThrow('Cannot write')
  })
})

describe('a secured stream', () => {
  it('hands up together what came in several records', async () => {
    const { dialer, listener } = await tcpPair()
    const { dialing, listening } = await secure(dialer, listener)
    const [size, record] = [1024 * 1024, 16 * 1024]
    let messages = 0
    listening.connection.addEventListener('message', () => messages++)
    const received = receive(listening.connection, size)
    dialing.connection.send(new Uint8Array(size))
    await received
    expect(messages).toBeLessThan(size / record / 2)
  })

  it('makes its writer wait for a reader that pauses, and buffers no more than it may', async () => {
    const { dialer, listener } = await tcpPair()
    const { dialing, listening } = await secure(dialer, listener)
    listening.connection.pause()
    const sent = await fillUp(dialing.connection)
    // one block past the mark is what `send` may take before it says to wait
    expect(dialing.connection.writeBufferLength).toBeLessThanOrEqual(64 * 1024)
    expect(listening.connection.readBufferLength).toBe(0)
    // two TLS buffers and what the two kernels hold on loopback
    expect(sent).toBeLessThan(2 * limits.tlsBuffer + 16 * 1024 * 1024)
    const all = receive(listening.connection, sent)
    listening.connection.resume()
    await all
  })
})
