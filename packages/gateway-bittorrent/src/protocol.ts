import { PROTOCOL } from '@peerage/swarm'
import { createEndpoint, type EndpointComponents, type EndpointInit } from '@peerage/wire'
import type { StreamOpener } from './api.ts'
import { wholeMessages } from './codec/whole-messages.ts'
import { limits } from './limits.ts'

/** The swarm protocol as a gateway speaks it: whole messages, unread. */
export const swarmProtocol = {
  protocol: PROTOCOL,
  framing: wholeMessages(),
  limits: {
    idleTimeout: limits.pipes.idleTimeout,
    maxStreams: limits.pipes.perPeer,
    maxChannels: limits.pipes.total
  }
} satisfies EndpointInit<Uint8Array>

/** The service of a client's node: it opens streams and, never started, takes none. */
export function streamOpener(components: EndpointComponents): StreamOpener {
  const endpoint = createEndpoint(components, swarmProtocol)
  return { open: (target, options) => endpoint.open(target, options) }
}
