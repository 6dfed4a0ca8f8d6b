import { serviceCapabilities, type StreamMuxer, type StreamMuxerFactory } from '@libp2p/interface'
import type { Registrar } from '@libp2p/interface-internal'
import { yamux } from '@libp2p/yamux'
import { limits } from '../limits.ts'
import { beforeFirst } from './before-first.ts'
import { watchFrameLengths } from './frame-lengths.ts'
import { multistreamHeader } from './negotiation-reader.ts'
import { watchNegotiation } from './watch-negotiation.ts'

interface GuardedYamuxComponents {
  registrar: Pick<Registrar, 'getProtocols'>
}

/**
 * yamux with our windows, which refuses frames longer than they are and watches every stream until
 * its protocol is agreed on.
 */
export function guardedYamux(): (components: GuardedYamuxComponents) => StreamMuxerFactory {
  const inner = yamux({
    maxInboundStreams: limits.maxStreams,
    maxOutboundStreams: limits.maxStreams,
    streamOptions: {
      maxStreamWindowSize: limits.maxStreamWindow,
      maxReadBufferLength: limits.maxReadBuffer
    }
  })()
  return (components) => {
    const guarded: StreamMuxerFactory & { [serviceCapabilities]: string[] } = {
      protocol: inner.protocol,
      [serviceCapabilities]: ['@libp2p/stream-multiplexing'],
      createStreamMuxer: (connection) => {
        let muxer: StreamMuxer | undefined
        // before the muxer is made: the first to listen is the first to look
        watchFrameLengths(connection, limits.maxStreamWindow, (error) => {
          muxer?.abort(error)
          connection.abort(error)
        })
        muxer = inner.createStreamMuxer(connection)
        watchInbound(muxer, () => components.registrar.getProtocols())
        watchOutbound(muxer)
        return muxer
      }
    }
    return guarded
  }
}

/** The peer proposes; the negotiation ends with a protocol we handle. */
function watchInbound(muxer: StreamMuxer, protocols: () => string[]): void {
  beforeFirst(muxer, 'stream', () => {
    muxer.addEventListener('stream', ({ detail: stream }) => {
      if (stream.protocol === '') watchNegotiation(stream, (name) => protocols().includes(name))
    })
  })
}

/** We propose; the negotiation ends when the peer repeats a proposal. */
function watchOutbound(muxer: StreamMuxer): void {
  const create = muxer.createStream.bind(muxer)
  muxer.createStream = async (options) => {
    const stream = await create(options)
    const proposed = options?.protocol
    if (stream.protocol === '') {
      watchNegotiation(stream, (name) =>
        proposed === undefined ? isProtocol(name) : name === proposed
      )
    }
    return stream
  }
}

/** Of several proposals libp2p tells the muxer none: any protocol's name will have to do. */
function isProtocol(name: string): boolean {
  return name.startsWith('/') && name !== multistreamHeader
}
