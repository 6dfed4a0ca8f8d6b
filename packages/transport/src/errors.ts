/** The node could not listen where it was told to; the message says where and what to do. */
export class ListenError extends Error {
  static override name = 'ListenError'
  override name = 'ListenError'
}

/** A stored identity cannot be read or written. What is stored is never overwritten because of it. */
export class IdentityError extends Error {
  static override name = 'IdentityError'
  override name = 'IdentityError'
}

/** A peer broke the rules of protocol negotiation: an endless prefix, or too much of it. */
export class NegotiationError extends Error {
  static override name = 'NegotiationError'
  override name = 'NegotiationError'
}

/** A peer announced a yamux frame longer than any window it was granted. */
export class FrameTooLongError extends Error {
  static override name = 'FrameTooLongError'
  override name = 'FrameTooLongError'
}

/** A string that is neither a peer id nor a multiaddr. */
export class InvalidTargetError extends Error {
  static override name = 'InvalidTargetError'
  override name = 'InvalidTargetError'
}

/** A peer's TLS certificate does not prove who the peer is, or names another than was dialled. */
export class CertificateError extends Error {
  static override name = 'CertificateError'
  override name = 'CertificateError'
}

/** A TLS handshake broke off; `cause` holds what TLS said. */
export class HandshakeError extends Error {
  static override name = 'HandshakeError'
  override name = 'HandshakeError'
}
