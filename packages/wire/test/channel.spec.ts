import { describe, expect, it } from 'vitest'
import {
  ChannelClosedError,
  DeadlineError,
  limits,
  rawBytes,
  TooLargeError,
  UnexpectedEndError,
  WireError,
  lengthPrefixed
} from '../src/index.ts'
import { channelPair, text } from './channels.ts'
import { manualClock } from './manual-clock.ts'

describe('a channel', () => {
  it('carries frames in order, both ways', async () => {
    const { near, far } = await channelPair()
    for (const word of ['one', 'two', 'three']) await near.send(word)
    await far.send('back')
    expect(await far.receive()).toBe('one')
    expect(await far.receive()).toBe('two')
    expect(await far.receive()).toBe('three')
    expect(await near.receive()).toBe('back')
  })

  it('ends with a goodbye after everything that was sent', async () => {
    const { near, far } = await channelPair()
    near.post('last words')
    await Promise.all([near.end(), expect(collect(far)).resolves.toEqual(['last words'])])
  })

  it('takes an end without a goodbye for a failure', async () => {
    const { far, streams } = await channelPair()
    await streams[0].close()
    await expect(far.receive()).rejects.toThrow(UnexpectedEndError)
  })

  it('reports a cut as an Error to the reader and to the waiting writer', async () => {
    const { near, far } = await channelPair()
    const reading = far.receive()
    near.abort(new Error('enough'))
    await expect(reading).rejects.toBeInstanceOf(Error)
    await expect(near.receive()).rejects.toThrow('enough')
  })

  it('is cut by the first frame that breaks the protocol', async () => {
    const { near, far, streams } = await channelPair()
    streams[0].send(Uint8Array.of(0xff, 0xff, 0xff, 0xff))
    await expect(far.receive()).rejects.toThrow(WireError)
    await far.closed
    await expect(near.receive()).rejects.toBeInstanceOf(Error)
  })

  it('is cut when its codec refuses a frame', async () => {
    const picky = { encode: text.encode, decode: () => new WireError('no such message') }
    const { near, far } = await channelPair({ framing: lengthPrefixed<string>(picky) })
    await near.send('x')
    await expect(far.receive()).rejects.toThrow('no such message')
  })

  it('refuses to send after its own goodbye', async () => {
    const { near } = await channelPair()
    void near.end()
    await expect(near.send('more')).rejects.toThrow(ChannelClosedError)
    expect(near.post('more')).toBe(false)
  })

  it('says that the queue is above its mark and is cut past its maximum', async () => {
    const { near } = await channelPair({ limits: { sendHighMark: 10, sendMax: 20 } })
    expect(near.post('123456789')).toBe(false)
    expect(near.queued).toBe(10)
    near.post('123456789')
    expect(near.queued).toBe(20)
    near.post('1')
    expect(near.queued).toBe(0)
    await expect(near.receive()).rejects.toThrow(TooLargeError)
  })

  it('lets send wait until the queue is below its high mark again', async () => {
    const { near, far } = await channelPair({ limits: { sendHighMark: 10 } })
    await near.send('a frame above the mark')
    expect(near.queued).toBeLessThan(10)
    expect(await far.receive()).toBe('a frame above the mark')
  })

  it('stops waiting when the caller gives up', async () => {
    const { near } = await channelPair()
    const signal = AbortSignal.abort(new Error('given up'))
    await expect(near.receive({ signal })).rejects.toThrow('given up')
    await expect(near.send('x', { signal })).rejects.toThrow('given up')
    const later = new AbortController()
    const waiting = near.receive({ signal: later.signal })
    later.abort(new Error('later'))
    await expect(waiting).rejects.toThrow('later')
  })

  it('is cut when nothing moves for its idle time, and lives on while something does', async () => {
    const clock = manualClock()
    const { near, far } = await channelPair({ clock, limits: { idleTimeout: 1000 } })
    clock.advance(999)
    await near.send('still here')
    expect(await far.receive()).toBe('still here')
    clock.advance(999)
    const reading = far.receive()
    clock.advance(1)
    await expect(reading).rejects.toThrow(DeadlineError)
    await far.closed
  })

  it('is cut at the end of its longest life, however busy', async () => {
    const clock = manualClock()
    const { near } = await channelPair({
      clock,
      limits: { idleTimeout: Infinity, totalTimeout: 50 }
    })
    clock.advance(49)
    await near.send('x')
    clock.advance(1)
    await expect(near.receive()).rejects.toThrow(DeadlineError)
    await expect(near.send('y')).rejects.toThrow(ChannelClosedError)
  })

  it('leaves no timer behind', async () => {
    const clock = manualClock()
    const { near, far } = await channelPair({ clock, limits: { totalTimeout: 60_000 } })
    expect(clock.timers()).toBeGreaterThan(0)
    await Promise.all([near.end(), far.receive(), far.end()])
    await Promise.all([near.closed, far.closed])
    expect(clock.timers()).toBe(0)
  })

  it('is cut when the peer leaves its side open for good', async () => {
    const clock = manualClock()
    const { near } = await channelPair({ clock })
    await near.end()
    clock.advance(limits.endTimeout)
    await near.closed
    expect(clock.timers()).toBe(1)
  })

  it('carries plain bytes for protocols with their own framing', async () => {
    const { near, far } = await channelPair({ framing: rawBytes() })
    await near.send(Uint8Array.of(1, 2, 3))
    expect(await far.receive()).toEqual(Uint8Array.of(1, 2, 3))
    await near.end()
    expect(await far.receive()).toBeUndefined()
  })

  it('holds the sender back while nobody reads', async () => {
    const { near, far, streams } = await channelPair({
      limits: { readHighMark: 1000, readLowMark: 100 }
    })
    near.post('x'.repeat(5000))
    await near.ready()
    for (let turn = 0; streams[1].readStatus !== 'paused' && turn < 1000; turn++) await tick()
    expect(streams[1].readStatus).toBe('paused')
    expect(await far.receive()).toHaveLength(5000)
    expect(await Promise.race([far.receive(), tick().then(() => 'waiting')])).toBe('waiting')
    expect(streams[1].readStatus).toBe('readable')
  })

  it('has a read buffer no smaller than the largest window a muxer grants', async () => {
    const { streams } = await channelPair()
    expect(streams[0].maxReadBufferLength).toBeGreaterThanOrEqual(16 * 1024 * 1024)
    expect(limits.readHighMark).toBeLessThan(streams[0].maxReadBufferLength)
  })
})

async function collect<F>(frames: AsyncIterable<F>): Promise<F[]> {
  const all: F[] = []
  for await (const frame of frames) all.push(frame)
  return all
}

async function tick(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
