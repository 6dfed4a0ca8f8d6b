/** A peer sent bytes that break the protocol. Decoders return it as a value; they never throw it. */
export class WireError extends Error {
  static override name = 'WireError'
  override name = 'WireError'
}

/** A frame, prefix or queue is larger than the limit it was given. */
export class TooLargeError extends Error {
  static override name = 'TooLargeError'
  override name = 'TooLargeError'
}

/** The stream ended without the goodbye that says "this was all": treat what came before as cut short. */
export class UnexpectedEndError extends Error {
  static override name = 'UnexpectedEndError'
  override name = 'UnexpectedEndError'
}

/** Nothing moved, no answer came or the channel lived too long; the message says which. */
export class DeadlineError extends Error {
  static override name = 'DeadlineError'
  override name = 'DeadlineError'
}

/** This side closed the channel, so nothing more can be sent or read on it. */
export class ChannelClosedError extends Error {
  static override name = 'ChannelClosedError'
  override name = 'ChannelClosedError'
}

/** The peer has offended too often and is refused until the ban runs out. */
export class BannedPeerError extends Error {
  static override name = 'BannedPeerError'
  override name = 'BannedPeerError'
}

/** What was thrown or rejected, as an `Error`: libp2p streams reject with close *events* at times. */
export function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason
  if (typeof reason === 'object' && reason != null) {
    if ('error' in reason && reason.error instanceof Error) return reason.error
    if ('type' in reason && reason.type === 'close') {
      return new UnexpectedEndError('the stream closed while it was in use')
    }
  }
  return new Error(String(reason))
}
