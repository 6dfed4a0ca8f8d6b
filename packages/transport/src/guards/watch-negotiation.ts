import type { MessageStream, StreamMessageEvent } from '@libp2p/interface'
import { beforeFirst } from './before-first.ts'
import { NegotiationReader } from './negotiation-reader.ts'

/**
 * Watches what a peer sends on a stream until a protocol is agreed on, and aborts the stream when
 * it breaks the rules; whoever reads the stream does not see those bytes.
 */
export function watchNegotiation(
  stream: MessageStream,
  accepts: (protocol: string) => boolean
): void {
  const reader = new NegotiationReader(accepts)
  const look = (event: StreamMessageEvent): void => {
    const verdict = reader.push(event.data)
    if (verdict === 'more') return
    stream.removeEventListener('message', look)
    if (verdict === 'done') return
    event.stopImmediatePropagation()
    stream.abort(verdict)
  }
  beforeFirst(stream, 'message', () => {
    stream.addEventListener('message', look)
  })
}
