import type { Stream, StreamMuxer } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import { FrameTooLongError, NegotiationError } from '../../src/errors.ts'
import { guardedYamux } from '../../src/guards/guarded-yamux.ts'
import { multistreamHeader } from '../../src/guards/negotiation-reader.ts'
import { limits } from '../../src/limits.ts'
import { header, message } from './messages.ts'

const opens = 1

/** One end is a guarded muxer, the other writes frames by hand. */
function setUp() {
  const [remote, local] = multiaddrConnectionPair()
  const registrar = { getProtocols: () => ['/known/1.0.0'] }
  const muxer = guardedYamux()({ registrar }).createStreamMuxer(local)
  return { remote, local, muxer }
}

const closed = (target: EventTarget): Promise<Error | undefined> =>
  new Promise((resolve) => {
    target.addEventListener('close', (event) => resolve((event as Event & { error?: Error }).error))
  })

const nextStream = (muxer: StreamMuxer): Promise<Stream> =>
  new Promise((resolve) => {
    muxer.addEventListener('stream', (event) => resolve(event.detail), { once: true })
  })

const received = (stream: Stream, bytes: number): Promise<number> =>
  new Promise((resolve) => {
    let count = 0
    stream.addEventListener('message', (event) => {
      count += event.data.byteLength
      if (count >= bytes) resolve(count)
    })
  })

describe('guarded yamux', () => {
  it('a frame longer than the granted window closes the connection', async () => {
    const { remote, local } = setUp()
    const end = closed(local)
    remote.send(header(0, 0, 1, limits.maxStreamWindow + 1))
    expect(await end).toBeInstanceOf(FrameTooLongError)
  })

  it('a stream that never ends its prefix is reset, and the connection lives', async () => {
    const { remote, local, muxer } = setUp()
    const opened = nextStream(muxer)
    remote.send(header(1, opens, 1, 0))
    const stream = await opened
    const seen: unknown[] = []
    stream.addEventListener('message', ({ data }) => seen.push(data))
    const end = closed(stream)
    remote.send(header(0, 0, 1, 3))
    remote.send(new Uint8Array(3).fill(0x80))
    expect(await end).toBeInstanceOf(NegotiationError)
    expect(seen).toEqual([])
    expect(local.status).toBe('open')
  })

  it('a stream opened with data in one go is watched from its first byte', async () => {
    const { remote, muxer } = setUp()
    const end = new Promise((resolve) => {
      muxer.addEventListener('stream', ({ detail: stream }) => {
        stream.addEventListener('message', () => {})
        resolve(closed(stream))
      })
    })
    remote.send(Uint8Array.from([...header(0, opens, 1, 3), 0x80, 0x80, 0x80]))
    expect(await end).toBeInstanceOf(NegotiationError)
  })

  it('a stream opened before anybody listens is watched as well', async () => {
    const { remote, local, muxer } = setUp()
    const arrived = new Promise((resolve) => {
      local.addEventListener('message', resolve)
    })
    remote.send(header(1, opens, 1, 0))
    await arrived
    const stream = await nextStream(muxer)
    stream.addEventListener('message', () => {})
    const end = closed(stream)
    remote.send(Uint8Array.from([...header(0, 0, 1, 3), 0x80, 0x80, 0x80]))
    expect(await end).toBeInstanceOf(NegotiationError)
  })

  it('data may follow the agreed protocol at once, as much as the window takes', async () => {
    const { remote, muxer } = setUp()
    const opened = nextStream(muxer)
    remote.send(header(1, opens, 1, 0))
    const stream = await opened
    const hello = [...message(multistreamHeader), ...message('/known/1.0.0')]
    const all = received(stream, hello.length + 100_000)
    remote.send(header(0, 0, 1, hello.length + 100_000))
    remote.send(Uint8Array.from(hello))
    remote.send(new Uint8Array(100_000).fill(0xff))
    expect(await all).toBe(hello.length + 100_000)
    expect(stream.status).toBe('open')
  })

  it('the answer to our own proposal is watched as well', async () => {
    const [remote, local] = multiaddrConnectionPair()
    const registrar = { getProtocols: () => [] }
    const muxer = guardedYamux()({ registrar }).createStreamMuxer(remote)
    const stream = await muxer.createStream({ protocol: '/known/1.0.0' })
    stream.addEventListener('message', () => {})
    const end = closed(stream)
    local.send(Uint8Array.from([...header(0, 2, 1, 3), 0x80, 0x80, 0x80]))
    expect(await end).toBeInstanceOf(NegotiationError)
  })
})
