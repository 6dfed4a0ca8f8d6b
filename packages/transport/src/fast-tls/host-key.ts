import { createHash, createPublicKey, verify } from 'node:crypto'
import { publicKeyFromProtobuf } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromMultihash, peerIdFromPublicKey } from '@libp2p/peer-id'

/** The key a peer is known by. */
export interface HostKey {
  peer: PeerId
  verify(bytes: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/**
 * Reads a public key in libp2p's protobuf.
 *
 * @returns `undefined` when it is not one
 */
export function readHostKey(protobuf: Uint8Array): HostKey | undefined {
  try {
    return isEcdsa(protobuf) ? readEcdsa(protobuf) : readOther(protobuf)
  } catch {
    return undefined
  }
}

function readOther(protobuf: Uint8Array): HostKey {
  const key = publicKeyFromProtobuf(protobuf)
  return {
    peer: peerIdFromPublicKey(key),
    verify: async (bytes, signature) => {
      try {
        return await key.verify(bytes, signature)
      } catch {
        return false
      }
    }
  }
}

/** Type (field 1) ECDSA (3), Data (field 2) of fewer than 128 bytes up to P-256, two-byte lengths above. */
const ecdsaHeader = [0x08, 0x03, 0x12]

function isEcdsa(protobuf: Uint8Array): boolean {
  return ecdsaHeader.every((byte, i) => protobuf[i] === byte)
}

/**
 * `@libp2p/crypto` 5.1 reads ECDSA keys in a form of its own; the specification's is a
 * SubjectPublicKeyInfo, which Node reads. Their peer ids are hashes, as of all keys beyond 42 bytes.
 */
function readEcdsa(protobuf: Uint8Array): HostKey | undefined {
  const first = protobuf[3] ?? 0
  const length = first < 0x80 ? first : (first & 0x7f) + 0x80 * (protobuf[4] ?? 0)
  const der = protobuf.subarray(first < 0x80 ? 4 : 5)
  if (der.length !== length) return undefined
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'ec') return undefined
  const digest = createHash('sha256').update(protobuf).digest()
  const bytes = Uint8Array.of(0x12, digest.length, ...digest)
  return {
    peer: peerIdFromMultihash({ code: 0x12, size: digest.length, digest, bytes }),
    verify: async (bytes, signature) => verify('sha256', bytes, key, signature)
  }
}
