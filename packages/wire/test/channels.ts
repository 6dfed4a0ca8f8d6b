import type { Connection, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { StreamBytes } from '../src/byte-channel.ts'
import { FrameChannel } from '../src/channel.ts'
import {
  lengthPrefixed,
  limits,
  systemClock,
  type Channel,
  type Clock,
  type Framing,
  type WireLimits
} from '../src/index.ts'

export const alice = peerIdFromString('12D3KooWJRSrypvnpHgc6ZAgyCni4KcSmbV7uGRaMw5LgMKT18fq')
export const bob = peerIdFromString('12D3KooWHFKTMzwerBtsVmtz4ZZEQy2heafxzWw6wNn5PPYkBxJ5')

export const text = {
  encode: (words: string) => new TextEncoder().encode(words),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes)
}

export interface Pair<Frame> {
  /** bob's end, seen by alice who opened it */
  near: Channel<Frame>
  /** alice's end, seen by bob */
  far: Channel<Frame>
  streams: [Stream, Stream]
}

export interface PairInit<Frame> {
  framing?: Framing<Frame>
  clock?: Clock
  limits?: Partial<WireLimits>
}

/** Two ends of one channel over libp2p's own stream pair. */
export async function channelPair<Frame = string>(
  init: PairInit<Frame> = {}
): Promise<Pair<Frame>> {
  const framing = init.framing ?? (lengthPrefixed(text) as unknown as Framing<Frame>)
  const streams = await streamPair()
  const open = (stream: Stream, remotePeer: typeof alice): Channel<Frame> => {
    const connection = { remotePeer, limits: undefined } as unknown as Connection
    const bounds = { ...limits, ...init.limits }
    const bytes = new StreamBytes(stream, connection, init.clock ?? systemClock, bounds)
    return new FrameChannel(bytes, framing, bounds)
  }
  return { near: open(streams[0], bob), far: open(streams[1], alice), streams }
}
