import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { IdentityError } from './errors.ts'
import { decodeIdentity } from './identity-codec.ts'

/**
 * Reads a node's private key from a file; makes one (Ed25519, mode 0600) when there is none.
 * Two processes that start at once end up with the same key.
 *
 * @throws IdentityError when the file is damaged or cannot be read or written; an existing file is
 * never overwritten
 */
export async function loadIdentityFile(
  file: string,
  options: { signal?: AbortSignal } = {}
): Promise<PrivateKey> {
  const path = resolve(file)
  const stored = await read(path, options)
  if (stored !== undefined) return decodeIdentity(stored, path)
  const key = await generateKeyPair('Ed25519')
  options.signal?.throwIfAborted()
  if (await create(path, privateKeyToProtobuf(key))) return key
  return loadIdentityFile(path, options)
}

async function read(
  path: string,
  { signal }: { signal?: AbortSignal }
): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path, { ...(signal && { signal }) })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    signal?.throwIfAborted()
    throw unusable('read', path, error)
  }
}

/**
 * Writes beside the place, syncs, then links it in: a crash leaves a whole file or none, and
 * unlike a rename a link refuses to replace a file that appeared meanwhile.
 *
 * @returns false when another process was faster
 */
async function create(path: string, bytes: Uint8Array): Promise<boolean> {
  const folder = dirname(path)
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeSynced(temporary, bytes)
    await link(temporary, path)
    await syncFolder(folder)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw unusable('write', path, error)
  } finally {
    await unlink(temporary).catch(() => {})
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using handle = await open(path, 'wx', 0o600)
  await handle.writeFile(bytes)
  await handle.sync()
}

/** So that the name survives a power cut too. Windows cannot open folders, and needs not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

function unusable(verb: string, path: string, cause: unknown): IdentityError {
  return new IdentityError(
    `could not ${verb} the identity file ${path} (${codeOf(cause) ?? String(cause)}): ` +
      'check the path and its permissions, or name another file',
    { cause }
  )
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code
}
