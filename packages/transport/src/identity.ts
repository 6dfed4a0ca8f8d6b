import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { Key, type Datastore } from 'interface-datastore'
import { decodeIdentity } from './identity-codec.ts'
import { loadIdentityFile } from './identity-file.ts'

/** Where an identity is kept. */
export type IdentitySource = { file: string } | { datastore: Datastore }

/** the entry a datastore keeps it under */
const identityKey = new Key('/peerage/identity')

/**
 * The private key that makes a node the same peer after every start. Made (Ed25519) and stored on
 * first use.
 *
 * @param source a file (Node only, mode 0600) or a datastore, in browsers `datastore-idb` for one
 * @throws IdentityError when what is stored cannot be read; it is never overwritten
 */
export async function loadIdentity(
  source: IdentitySource,
  options: { signal?: AbortSignal } = {}
): Promise<PrivateKey> {
  if ('file' in source) return loadIdentityFile(source.file, options)
  const { datastore } = source
  if (await datastore.has(identityKey, options)) {
    return decodeIdentity(await datastore.get(identityKey, options), 'the datastore')
  }
  const key = await generateKeyPair('Ed25519')
  await datastore.put(identityKey, privateKeyToProtobuf(key), options)
  return key
}
