import { CertificateError } from '../errors.ts'
import { limits } from '../limits.ts'
import { readDer, tags, type Der } from './der.ts'
import { decodeSignedKey, extensionId, type SignedKey } from './signed-key.ts'

/** What libp2p reads in a certificate; the rest is between X.509 libraries. */
export interface ParsedCertificate extends SignedKey {
  /** the certificate's key as SubjectPublicKeyInfo, byte for byte */
  publicKey: Uint8Array
}

/** version, serial number, algorithm, issuer, validity, subject, public key (RFC 5280, 4.1) */
const fields = [tags.version, tags.integer, ...Array.from({ length: 5 }, () => tags.sequence)]

/** Reads a certificate in DER, strictly: what is not as the libp2p TLS specification wants it is refused. */
export function parseCertificate(bytes: Uint8Array): ParsedCertificate | CertificateError {
  if (bytes.length > limits.maxCertificate) return refused('is too long')
  const certificate = sequence(readDer(bytes, 1)?.[0], 3)
  const body = sequence(certificate?.[0], fields.length + 3)
  if (body === undefined || fields.some((tag, i) => body[i]?.tag !== tag)) {
    return refused('is not an X.509 certificate of version 3')
  }
  const rest = body.slice(fields.length)
  if (rest.some(({ tag }) => tag === tags.issuerUniqueId || tag === tags.subjectUniqueId)) {
    return refused('has a unique id, which libp2p forbids')
  }
  const extension = findExtension(rest)
  if (extension instanceof CertificateError) return extension
  const signedKey = decodeSignedKey(extension)
  if (signedKey === undefined) return refused('has a libp2p extension that cannot be read')
  return { ...signedKey, publicKey: body[fields.length - 1]!.whole }
}

/** The libp2p extension's value. Every other one may be ignored, unless it says it may not. */
function findExtension(rest: Der[]): Uint8Array | CertificateError {
  if (rest.length === 0) return refused('has no libp2p extension')
  const [wrapper, ...more] = rest
  const list =
    wrapper?.tag === tags.extensions && more.length === 0
      ? sequence(readDer(wrapper.content, 1)?.[0], limits.maxExtensions)
      : undefined
  if (list === undefined) return refused('has extensions that cannot be read')
  let found: Uint8Array | undefined
  for (const item of list) {
    const extension = readExtension(item)
    if (extension === undefined) return refused('has an extension that cannot be read')
    if (Buffer.compare(extension.id, extensionId) !== 0) {
      if (extension.critical) return refused('has a critical extension that libp2p does not know')
    } else if (found === undefined) found = extension.value
    else return refused('has the libp2p extension twice')
  }
  return found ?? refused('has no libp2p extension')
}

/** object id, whether it is critical (false when left out), value */
function readExtension(
  item: Der
): { id: Uint8Array; critical: boolean; value: Uint8Array } | undefined {
  const parts = sequence(item, 3)
  const id = parts?.[0]
  const value = parts?.at(-1)
  const flag = parts?.length === 3 ? parts[1] : undefined
  if (id?.tag !== tags.objectId || value?.tag !== tags.octetString) return undefined
  if (flag !== undefined && flag.tag !== tags.boolean) return undefined
  return { id: id.content, critical: (flag?.content[0] ?? 0) !== 0, value: value.content }
}

function sequence(value: Der | undefined, max: number): Der[] | undefined {
  return value?.tag === tags.sequence ? readDer(value.content, max) : undefined
}

function refused(why: string): CertificateError {
  return new CertificateError(`the peer's certificate ${why}; the connection was closed`)
}
