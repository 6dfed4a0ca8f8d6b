import type { X509Certificate } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import { CertificateError } from '../errors.ts'
import { readHostKey } from './host-key.ts'
import { parseCertificate } from './parse-certificate.ts'
import { signedBytes } from './signed-key.ts'

/**
 * Checks what a peer showed in the handshake, as the libp2p TLS specification has it.
 *
 * @param expected the peer that was dialled, when known
 * @returns who the peer is
 * @throws CertificateError
 */
export async function verifyCertificate(
  certificate: X509Certificate | undefined,
  { expected, now = Date.now() }: { expected?: PeerId | undefined; now?: number } = {}
): Promise<PeerId> {
  if (certificate === undefined) throw refused('showed no certificate')
  if (certificate.issuerCertificate !== undefined) throw refused('showed more than one certificate')
  const parsed = parseCertificate(certificate.raw)
  if (parsed instanceof CertificateError) throw parsed
  if (now < certificate.validFromDate.getTime()) {
    throw refused('showed a certificate that is not valid yet; compare the clocks')
  }
  if (now > certificate.validToDate.getTime())
    throw refused('showed a certificate that has expired')
  if (!isSelfSigned(certificate)) throw refused('showed a certificate it did not sign itself')
  const hostKey = readHostKey(parsed.hostKey)
  if (hostKey === undefined) throw refused('has a public key that libp2p cannot read')
  if (!(await hostKey.verify(signedBytes(parsed.publicKey), parsed.signature))) {
    throw refused('showed a certificate its own key has not signed')
  }
  if (expected !== undefined && !hostKey.peer.equals(expected)) {
    throw refused(`is ${hostKey.peer}, which does not match ${expected}, whom we dialled`)
  }
  return hostKey.peer
}

/** The TLS handshake has proved that the peer holds the certificate's key; this binds the two. */
function isSelfSigned(certificate: X509Certificate): boolean {
  try {
    return certificate.verify(certificate.publicKey)
  } catch {
    return false
  }
}

function refused(what: string): CertificateError {
  return new CertificateError(`the peer ${what}; the connection was closed`)
}
