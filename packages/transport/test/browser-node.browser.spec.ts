import { describe, expect, it } from 'vitest'
import { explainDial, IdentityError, loadIdentity } from '../src/index.ts'
import { start } from './nodes.ts'

describe('a node in a page', () => {
  it('starts, and may dial what is local, being served from there', async () => {
    const node = await start({ profile: 'browser', listen: [] })
    const { addresses } = await explainDial(node, '/ip4/127.0.0.1/tcp/9/ws')
    expect(addresses).toMatchObject([{ outcome: 'failed' }])
  })

  it('has no TCP', async () => {
    const node = await start({ profile: 'browser', listen: [] })
    expect((await explainDial(node, '/ip4/127.0.0.1/tcp/9')).result).toBe('no transport')
  })

  it('keeps its identity in a datastore, not in a file', async () => {
    await expect(loadIdentity({ file: 'key' })).rejects.toThrow(IdentityError)
  })
})
