import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { verifyPeerCertificate } from '@libp2p/tls/utils'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../src/fast-tls/make-certificate.ts'
import { verifyCertificate } from '../../src/fast-tls/verify-certificate.ts'

interface Vector {
  name: string
  certificate: string
  peerId?: string
}

/** The test vectors of the libp2p specification, tls/tls.md. */
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/certificates.json', import.meta.url), 'utf8')
) as Vector[]

const certificateOf = (name: string): X509Certificate =>
  new X509Certificate(Buffer.from(vectors.find((v) => v.name === name)!.certificate, 'hex'))

describe('a certificate of the specification', () => {
  it.each(vectors.filter(({ peerId }) => peerId !== undefined))(
    'with an $name key proves its peer id',
    async ({ name, peerId }) => {
      const peer = await verifyCertificate(certificateOf(name))
      expect(peer.toString()).toBe(peerId)
    }
  )

  it('signed by another key than it names is refused', async () => {
    await expect(verifyCertificate(certificateOf('mismatch'))).rejects.toMatchObject({
      name: 'CertificateError',
      message: expect.stringContaining('its own key has not signed')
    })
  })
})

describe('a certificate of ours', () => {
  it.each(['Ed25519', 'secp256k1', 'RSA'] as const)(
    'for an %s key is taken by us and by @libp2p/tls',
    async (type) => {
      const key = type === 'RSA' ? await generateKeyPair(type, 2048) : await generateKeyPair(type)
      const certificate = new X509Certificate((await makeCertificate(key)).cert)
      const peer = await verifyCertificate(certificate)
      expect(peer.toCID().equals(key.publicKey.toCID())).toBe(true)
      const theirs = await verifyPeerCertificate(certificate.raw)
      expect(theirs.toString()).toBe(peer.toString())
    }
  )

  it('is valid from an hour ago for a hundred years', async () => {
    const now = Date.UTC(2026, 0, 1)
    const key = await generateKeyPair('Ed25519')
    const certificate = new X509Certificate((await makeCertificate(key, { now })).cert)
    const from = now - 60 * 60_000
    const to = now + 100 * 365 * 24 * 60 * 60_000
    for (const at of [from, now, to]) await verifyCertificate(certificate, { now: at })
    await expect(verifyCertificate(certificate, { now: from - 1 })).rejects.toThrow('not valid yet')
    await expect(verifyCertificate(certificate, { now: to + 1 })).rejects.toThrow('has expired')
  })

  it('is refused when another peer was dialled', async () => {
    const key = await generateKeyPair('Ed25519')
    const certificate = new X509Certificate((await makeCertificate(key)).cert)
    const expected = peerIdFromString(vectors[0]!.peerId!)
    await expect(verifyCertificate(certificate, { expected })).rejects.toThrow('does not match')
    const self = peerIdFromPrivateKey(key)
    expect((await verifyCertificate(certificate, { expected: self })).equals(self)).toBe(true)
  })

  it('is missed when none is shown', async () => {
    await expect(verifyCertificate(undefined)).rejects.toThrow('showed no certificate')
  })
})
