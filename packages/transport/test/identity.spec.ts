import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { describe, expect, it } from 'vitest'
import { IdentityError, loadIdentity } from '../src/index.ts'

describe('an identity in a datastore', () => {
  it('is made once and kept', async () => {
    const datastore = new MemoryDatastore()
    const first = await loadIdentity({ datastore })
    expect(first.type).toBe('Ed25519')
    expect((await loadIdentity({ datastore })).equals(first)).toBe(true)
  })

  it('is left alone when damaged, and says what to do', async () => {
    const datastore = new MemoryDatastore()
    const key = new Key('/peerage/identity')
    const damaged = Uint8Array.of(1, 2, 3)
    await datastore.put(key, damaged)
    const loading = loadIdentity({ datastore })
    await expect(loading).rejects.toThrow(IdentityError)
    await expect(loading).rejects.toThrow('restore it from a backup')
    expect(await datastore.get(key)).toEqual(damaged)
  })
})
