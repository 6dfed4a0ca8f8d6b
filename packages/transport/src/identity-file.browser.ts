import type { PrivateKey } from '@libp2p/interface'
import { IdentityError } from './errors.ts'

/** Browsers have no files to keep a key in. */
export async function loadIdentityFile(file: string): Promise<PrivateKey> {
  throw new IdentityError(
    `a browser cannot keep its identity in the file ${file}: pass a datastore, ` +
      'such as datastore-idb, instead'
  )
}
