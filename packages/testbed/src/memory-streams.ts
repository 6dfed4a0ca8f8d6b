import type { Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'

/**
 * Two joined libp2p streams without nodes, for tests of what runs over a stream: the first is the
 * one that was opened, the second the one that came in.
 *
 * @param protocol the protocol both have agreed on
 */
export async function memoryStreams(protocol = '/test/1.0.0'): Promise<[Stream, Stream]> {
  const streams = await streamPair({ delay: 0 })
  // nobody negotiates here, so nobody else would note what was agreed
  for (const stream of streams) stream.protocol = protocol
  return streams
}
