import type { Duplex } from 'node:stream'
import { connect, TLSSocket, type SecureContext, type TLSSocketOptions } from 'node:tls'
import type { MessageStream, PeerId, SecureConnectionOptions } from '@libp2p/interface'
import { CertificateError, HandshakeError } from '../errors.ts'
import { limits } from '../limits.ts'
import { destroyTogether } from './destroy-together.ts'
import { streamDuplex } from './stream-duplex.ts'
import { takeSocket } from './tcp-socket.ts'
import { verifyCertificate } from './verify-certificate.ts'

/** What a handshake brought. */
export interface Handshake {
  tls: TLSSocket
  remotePeer: PeerId
  /** what both sides agreed on by ALPN; `undefined` when the peer knows no ALPN */
  protocol: string | undefined
}

export interface HandshakeInit {
  isServer: boolean
  context: SecureContext
  /** what we speak inside TLS, best first */
  protocols: string[]
}

/** Runs a TLS 1.3 handshake over a connection, and aborts the connection when it fails. */
export async function shakeHands(
  connection: MessageStream,
  init: HandshakeInit,
  { signal, remotePeer: expected }: SecureConnectionOptions = {}
): Promise<Handshake> {
  let tls: TLSSocket | undefined
  try {
    signal?.throwIfAborted()
    const socket = await takeSocket(connection)
    tls = start(socket ?? streamDuplex(connection), init)
    if (socket !== undefined) destroyTogether(socket, tls)
    // for as long as the socket lives: an error nobody listens for ends the process
    tls.on('error', (error) => connection.abort(error))
    await secured(tls, init.isServer, signal)
    // to be asked once: Node takes the certificates out of the session while it shows them
    const remotePeer = await verifyCertificate(tls.getPeerX509Certificate(), { expected })
    if (tls.destroyed) throw new Error('the connection was lost')
    return { tls, remotePeer, protocol: tls.alpnProtocol || undefined }
  } catch (cause) {
    const error = asError(cause)
    connection.abort(error)
    tls?.destroy()
    throw error
  }
}

function start(under: Duplex, init: HandshakeInit): TLSSocket {
  const options: TLSSocketOptions & { highWaterMark: number } = {
    secureContext: init.context,
    requestCert: true,
    // no authority signs libp2p's certificates: verifyCertificate judges them
    rejectUnauthorized: false,
    highWaterMark: limits.tlsBuffer
  }
  if (!init.isServer) return connect({ ...options, socket: under, ALPNProtocols: init.protocols })
  // the client's first choice, as stock peers do it; `undefined` ends the handshake
  const ALPNCallback = ({ protocols }: { protocols: string[] }): string | undefined =>
    protocols.find((protocol) => init.protocols.includes(protocol))
  return new TLSSocket(under, { ...options, isServer: true, ALPNCallback })
}

/** `secure` is what Node's own TLS server waits for; a client's certificate is there by then. */
async function secured(tls: TLSSocket, isServer: boolean, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(asError(signal?.reason))
  const close = (): void => reject(new Error('the peer closed the connection'))
  tls.once(isServer ? 'secure' : 'secureConnect', resolve)
  tls.once('error', reject)
  tls.once('close', close)
  signal?.addEventListener('abort', abort)
  try {
    await promise
  } finally {
    tls.off('error', reject)
    tls.off('close', close)
    signal?.removeEventListener('abort', abort)
  }
}

/** Refusals of ours and aborts say enough by themselves; what TLS says is put into words. */
function asError(cause: unknown): Error {
  if (cause instanceof CertificateError) return cause
  if (cause instanceof Error && /^(Abort|Timeout)Error$/.test(cause.name)) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HandshakeError(
    `the TLS handshake broke off: ${why}; the connection was closed, dial again or look at the peer's log`,
    { cause }
  )
}
