import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IdentityError, loadIdentity } from '../src/index.ts'
import { start } from './nodes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peerage-identity-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('an identity file', () => {
  it('is made once, for its owner only, folders included', async () => {
    const file = join(folder, 'deep', 'er', 'key')
    const first = await loadIdentity({ file })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await loadIdentity({ file })).equals(first)).toBe(true)
    expect(await readdir(join(folder, 'deep', 'er'))).toEqual(['key'])
  })

  it('is the same for all that start at once', async () => {
    const file = join(folder, 'key')
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadIdentity({ file })))
    expect(new Set(keys.map((key) => key.publicKey.toString())).size).toBe(1)
    expect(await readdir(folder)).toEqual(['key'])
  })

  it.each([
    ['empty', new Uint8Array()],
    ['cut short', Uint8Array.of(8, 1, 18, 64, 1, 2, 3)],
    ['something else', new TextEncoder().encode('hello')]
  ])('that is %s is left alone and named', async (_what, bytes) => {
    const file = join(folder, 'key')
    await writeFile(file, bytes)
    const loading = loadIdentity({ file })
    await expect(loading).rejects.toThrow(IdentityError)
    await expect(loading).rejects.toThrow(`${file} is damaged: restore it`)
    expect(new Uint8Array(await readFile(file))).toEqual(bytes)
  })

  it('that cannot be made says why in one line', async () => {
    await writeFile(join(folder, 'file'), '')
    const loading = loadIdentity({ file: join(folder, 'file', 'key') })
    await expect(loading).rejects.toThrow(
      /^could not (read|write) the identity file .* \(ENOTDIR\): check/
    )
    await expect(loadIdentity({ file: folder })).rejects.toThrow('EISDIR')
  })

  it('gives two lan nodes the same peer ids after a restart', async () => {
    const files = ['a', 'b'].map((name) => join(folder, name))
    const bring = () =>
      Promise.all(
        files.map(async (file) => start({ profile: 'lan', identity: await loadIdentity({ file }) }))
      )
    const [a, b] = await bring()
    await a!.dial(b!.getMultiaddrs())
    await Promise.all([a!.stop(), b!.stop()])
    const [again, other] = await bring()
    expect(again!.peerId.equals(a!.peerId)).toBe(true)
    expect(other!.peerId.equals(b!.peerId)).toBe(true)
    const connection = await again!.dial(other!.getMultiaddrs())
    expect(connection.remotePeer.equals(b!.peerId)).toBe(true)
  })
})
