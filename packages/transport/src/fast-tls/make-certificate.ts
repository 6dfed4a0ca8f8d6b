import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { publicKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { tags, writeDer } from './der.ts'
import { encodeSignedKey, extensionId, signedBytes } from './signed-key.ts'

/** A certificate and its key, both PEM, as `node:tls` takes them. */
export interface Credentials {
  cert: string
  key: string
}

const hour = 60 * 60_000
/** before now, for peers whose clocks are behind; go-libp2p's figure */
const validBefore = hour
/** after now; go-libp2p's figure again: certificates are never renewed */
const validAfter = 100 * 365 * 24 * hour

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 */
const algorithm = writeDer(
  tags.sequence,
  writeDer(tags.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2))
)
/** 2.5.4.5, serialNumber */
const serialNumberId = writeDer(tags.objectId, Uint8Array.of(0x55, 4, 5))

/** Makes a key for TLS and a certificate for it that names the peer (libp2p specs, tls/tls.md). */
export async function makeCertificate(
  hostKey: PrivateKey,
  { now = Date.now() }: { now?: number } = {}
): Promise<Credentials> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' })
  const signedKey = encodeSignedKey({
    hostKey: publicKeyToProtobuf(hostKey.publicKey),
    signature: await hostKey.sign(signedBytes(publicKey))
  })
  const serial = randomBytes(16)
  const name = nameOf(serial)
  const body = writeDer(
    tags.sequence,
    writeDer(tags.version, integer(Uint8Array.of(2))),
    integer(serial),
    algorithm,
    name,
    writeDer(tags.sequence, time(now - validBefore), time(now + validAfter)),
    name,
    publicKey,
    writeDer(tags.extensions, writeDer(tags.sequence, extension(signedKey)))
  )
  // a bit string begins with how many bits of its last byte do not count
  const signature = writeDer(
    tags.bitString,
    Uint8Array.of(0),
    sign('sha256', body, keys.privateKey)
  )
  return {
    cert: pem('CERTIFICATE', writeDer(tags.sequence, body, algorithm, signature)),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
}

/** RFC 5280 wants an issuer that is not empty; nobody reads it. */
function nameOf(serial: Buffer): Uint8Array {
  const text = writeDer(tags.printableString, Buffer.from(serial.toString('hex')))
  return writeDer(tags.sequence, writeDer(tags.set, writeDer(tags.sequence, serialNumberId, text)))
}

function extension(value: Uint8Array): Uint8Array {
  return writeDer(
    tags.sequence,
    writeDer(tags.objectId, extensionId),
    writeDer(tags.octetString, value)
  )
}

/** Positive and without leading zeros, which DER forbids. */
function integer(bytes: Uint8Array): Uint8Array {
  const positive = Uint8Array.from(bytes)
  if (positive.length > 1) positive[0] = (positive[0]! & 0x3f) | 0x40
  return writeDer(tags.integer, positive)
}

/** Two digits for the year until 2049, four from then on (RFC 5280, 4.1.2.5). */
function time(at: number): Uint8Array {
  const date = new Date(at)
  const text = `${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
  return date.getUTCFullYear() < 2050
    ? writeDer(tags.utcTime, Buffer.from(text.slice(2)))
    : writeDer(tags.generalizedTime, Buffer.from(text))
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
