import { privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { IdentityError } from './errors.ts'

/**
 * Reads a private key from libp2p's protobuf, the form other implementations keep theirs in.
 *
 * @param place where it was stored, for the message
 */
export function decodeIdentity(bytes: Uint8Array, place: string): PrivateKey {
  try {
    return privateKeyFromProtobuf(bytes)
  } catch (cause) {
    throw new IdentityError(
      `the identity in ${place} is damaged: restore it from a backup, ` +
        'or move it away to start again as a new peer',
      { cause }
    )
  }
}
