import { readDer, tags, writeDer } from './der.ts'

/** What the libp2p Public Key Extension holds (libp2p specs, tls/tls.md). */
export interface SignedKey {
  /** the peer's own public key, as libp2p's protobuf */
  hostKey: Uint8Array
  /** by that key, over {@link signedBytes} */
  signature: Uint8Array
}

/** 1.3.6.1.4.1.53594.1.1, the libp2p Public Key Extension */
export const extensionId = Uint8Array.of(0x2b, 6, 1, 4, 1, 0x83, 0xa2, 0x5a, 1, 1)

/** @param publicKey the certificate's key as SubjectPublicKeyInfo */
export function signedBytes(publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('libp2p-tls-handshake:'), publicKey])
}

export function encodeSignedKey({ hostKey, signature }: SignedKey): Uint8Array {
  return writeDer(
    tags.sequence,
    writeDer(tags.octetString, hostKey),
    writeDer(tags.octetString, signature)
  )
}

/** @returns `undefined` for anything that is not a SignedKey */
export function decodeSignedKey(bytes: Uint8Array): SignedKey | undefined {
  const [sequence] = readDer(bytes, 1) ?? []
  if (sequence?.tag !== tags.sequence) return undefined
  const [hostKey, signature, ...more] = readDer(sequence.content, 2) ?? []
  if (hostKey?.tag !== tags.octetString || signature?.tag !== tags.octetString) return undefined
  return more.length === 0 ? { hostKey: hostKey.content, signature: signature.content } : undefined
}
