import { open, readFile, rm } from 'node:fs/promises'
import type { PrivateKey } from '@libp2p/interface'
import { loadIdentityFile } from '@peerage/transport/identity-file'
import { mkdir } from 'node:fs/promises'
import type { DataFolder } from './data-folder.ts'
import type { Settings } from './settings.ts'

/** A key, and letting others use it. */
export interface Identity {
  readonly key: PrivateKey
  /** where it is kept */
  readonly file: string
  release(): Promise<void>
}

/** Different keys at most for shares on one machine that run at the same time. */
const mostAtOnce = 64

/**
 * The key of this run: the file the user named, else the first of the data folder's that no other
 * running process has. Two nodes with one key could not talk to each other.
 */
export async function takeIdentity(settings: Settings, data: DataFolder): Promise<Identity> {
  if (settings.identity !== undefined) return held(settings.identity)
  for (let number = 1; number < mostAtOnce; number++) {
    const file = identityFile(data, number)
    const lock = `${file}.lock`
    if (!(await takeLock(data, lock))) continue
    return held(file, () => rm(lock, { force: true }))
  }
  // past all reason, but no reason to refuse
  return held(identityFile(data, mostAtOnce))
}

/** The key of a data folder, whoever uses it now. */
export function identityFile(data: DataFolder, number = 1): string {
  return data.file(number === 1 ? 'identity.key' : `identity-${number}.key`)
}

async function held(
  file: string,
  release: () => Promise<void> = async () => {}
): Promise<Identity> {
  return { key: await loadIdentityFile(file), file, release }
}

/** A lock is a file with a process id in it; one whose process is gone counts for nothing. */
async function takeLock(data: DataFolder, lock: string): Promise<boolean> {
  try {
    await mkdir(data.path, { recursive: true, mode: 0o700 })
    const handle = await open(lock, 'wx')
    await handle.writeFile(String(process.pid))
    await handle.close()
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') return true
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (owner !== process.pid && !isRunning(owner)) {
      await rm(lock, { force: true })
      return takeLock(data, lock)
    }
    return false
  }
}

function isRunning(pid: number): boolean {
  // just made, and its owner has not written yet
  if (pid === 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
