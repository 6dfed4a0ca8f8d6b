import { X509Certificate } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CertificateError } from '../../src/errors.ts'
import { readDer, tags, writeDer } from '../../src/fast-tls/der.ts'
import { makeCertificate } from '../../src/fast-tls/make-certificate.ts'
import { parseCertificate } from '../../src/fast-tls/parse-certificate.ts'
import { encodeSignedKey, extensionId } from '../../src/fast-tls/signed-key.ts'
import { verifyCertificate } from '../../src/fast-tls/verify-certificate.ts'
import { limits } from '../../src/limits.ts'

const sequence = (...parts: Uint8Array[]): Uint8Array => writeDer(tags.sequence, ...parts)
const octets = (bytes: Uint8Array): Uint8Array => writeDer(tags.octetString, bytes)
const critical = writeDer(tags.boolean, Uint8Array.of(0xff))
const otherId = Uint8Array.of(0x55, 0x1d, 0x13)

const extension = (id: Uint8Array, ...rest: Uint8Array[]): Uint8Array =>
  sequence(writeDer(tags.objectId, id), ...rest)
const signedKey = encodeSignedKey({ hostKey: Uint8Array.of(1), signature: Uint8Array.of(2) })
const libp2p = extension(extensionId, octets(signedKey))
const other = (...flags: Uint8Array[]): Uint8Array =>
  extension(otherId, ...flags, octets(new Uint8Array()))

const publicKey = sequence(Uint8Array.of(tags.integer, 1, 7))
const fields = [
  writeDer(tags.version, writeDer(tags.integer, Uint8Array.of(2))),
  writeDer(tags.integer, Uint8Array.of(1)),
  ...Array.from({ length: 4 }, () => sequence()),
  publicKey
]

/** A certificate with these after its public key; nobody has signed it. */
const certificate = (...rest: Uint8Array[]): Uint8Array =>
  sequence(sequence(...fields, ...rest), sequence(), writeDer(tags.bitString, Uint8Array.of(0)))
const withExtensions = (...list: Uint8Array[]): Uint8Array =>
  certificate(writeDer(tags.extensions, sequence(...list)))

const why = (bytes: Uint8Array): string | undefined => {
  const parsed = parseCertificate(bytes)
  return parsed instanceof CertificateError ? parsed.message : undefined
}

describe('parseCertificate', () => {
  it('finds the public key and the libp2p extension, and ignores others', () => {
    expect(parseCertificate(withExtensions(other(), libp2p))).toEqual({
      hostKey: Uint8Array.of(1),
      signature: Uint8Array.of(2),
      publicKey
    })
    const flagged = extension(extensionId, critical, octets(signedKey))
    expect(why(withExtensions(flagged))).toBeUndefined()
  })

  it.each([
    ['no extensions', certificate(), 'no libp2p extension'],
    ['others only', withExtensions(other()), 'no libp2p extension'],
    ['a critical one of others', withExtensions(libp2p, other(critical)), 'a critical extension'],
    ['the libp2p extension twice', withExtensions(libp2p, libp2p), 'extension twice'],
    [
      'an issuer unique id',
      certificate(writeDer(tags.issuerUniqueId), writeDer(tags.extensions, sequence(libp2p))),
      'a unique id'
    ],
    [
      'more in the libp2p extension than it holds',
      withExtensions(extension(extensionId, octets(Buffer.concat([signedKey, signedKey])))),
      'cannot be read'
    ],
    [
      'bytes after its end',
      Buffer.concat([withExtensions(libp2p), Uint8Array.of(0)]),
      'not an X.509'
    ],
    ['nothing in it', new Uint8Array(), 'not an X.509']
  ])('refuses a certificate with %s', (_name, bytes, reason) => {
    expect(why(bytes)).toContain(reason)
  })

  it('takes as many extensions and bytes as the limits say, and not one more', () => {
    const many = Array.from({ length: limits.maxExtensions - 1 }, () => other())
    expect(why(withExtensions(libp2p, ...many))).toBeUndefined()
    expect(why(withExtensions(libp2p, other(), ...many))).toContain('cannot be read')

    const padded = (length: number): Uint8Array =>
      withExtensions(libp2p, extension(otherId, octets(new Uint8Array(length))))
    const overhead = padded(limits.maxCertificate - 200).length - (limits.maxCertificate - 200)
    const longest = limits.maxCertificate - overhead
    expect(padded(longest)).toHaveLength(limits.maxCertificate)
    expect(why(padded(longest))).toBeUndefined()
    expect(why(padded(longest + 1))).toContain('too long')
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(why(bytes)).toBeTypeOf('string')
      })
    )
  })
})

describe('a real certificate', () => {
  it('with one byte changed proves nothing', async () => {
    const { cert } = await makeCertificate(await generateKeyPair('Ed25519'))
    const { raw } = new X509Certificate(cert)
    const change = fc.record({
      at: fc.nat({ max: raw.length - 1 }),
      by: fc.integer({ min: 1, max: 255 })
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, by }) => {
        const bytes = Buffer.from(raw)
        bytes[at]! ^= by
        parseCertificate(bytes)
        let changed: X509Certificate
        try {
          changed = new X509Certificate(bytes)
        } catch {
          return
        }
        // OpenSSL may read past what it does not care about; what we judge is what it made of it
        await expect(verifyCertificate(changed)).rejects.toThrow(CertificateError)
      })
    )
  })
})

describe('DER', () => {
  it('reads back what was written, at every length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const [value] = readDer(octets(new Uint8Array(length).fill(7)), 1)!
      expect(value?.content).toEqual(new Uint8Array(length).fill(7))
    }
  })

  it.each([
    ['a length longer than it needs to be', [0x04, 0x81, 0x01, 0x00]],
    ['a length without end', [0x04, 0x80, 0x00, 0x00]],
    ['a length past the end', [0x04, 0x02, 0x00]],
    ['a length of four bytes', [0x04, 0x84, 0x00, 0x00, 0x00, 0x01, 0x00]],
    ['a tag of several bytes', [0x1f, 0x81, 0x00]],
    ['no length', [0x04]]
  ])('with %s is refused', (_name, bytes) => {
    expect(readDer(Uint8Array.from(bytes), 1)).toBeUndefined()
  })
})
