/** A dedicated worker that does things with the storages there are in it, one for each message. */
import { noise } from '@peerage/testbed'
import { browserStorage, indexedDbStorage, opfsStorage } from '../../src/browser.ts'
import { resumeChecks, storageChecks } from '../../src/storage-compliance.ts'
import { noiseTorrent } from './torrents.ts'

/** what a file's handle writes with */
let unlimited: Write | undefined

type Write = (this: unknown, bytes: Uint8Array, options: { at: number }) => number

const storages = { browserStorage, indexedDbStorage, opfsStorage }

/** What to do; it is answered by what went wrong, or by nothing. */
export interface Task {
  storage: keyof typeof storages
  /** runs this check */
  check?: string
  /** writes so many bytes, and reads the first of them */
  fill?: number
  /** room there is for it, in bytes */
  quota?: number
}

addEventListener('message', ({ data }: MessageEvent<Task>) => {
  void run(data).then(
    () => {
      postMessage(undefined)
    },
    (error: unknown) => {
      postMessage(String(error))
    }
  )
})

async function run({ storage, check, fill, quota }: Task): Promise<void> {
  if (quota !== undefined) await limitTo(quota)
  if (fill !== undefined) return filled(storage, fill)
  const found = [...storageChecks, ...resumeChecks].find(({ name }) => name === check)
  if (found === undefined) throw new Error(`there is no check "${check}"`)
  await found.run((torrent, name) => storages[storage](torrent, { name }))
}

async function filled(kind: Task['storage'], length: number): Promise<void> {
  const { torrent, data } = await noiseTorrent({ a: length }, 64 * 1024)
  const storage = await storages[kind](torrent, { name: 'full' })
  try {
    for (let at = 0; at < length; at += torrent.pieceLength) {
      await storage.write(at, data.subarray(at, at + torrent.pieceLength))
    }
  } finally {
    const [first] = await storage.read(0, 1)
    if (first !== noise(1)[0]) postMessage('what was there is gone')
    await storage.close()
  }
}

/** Chromium's buckets have quotas of their own; files it does not count while it is incognito. */
async function limitTo(quota: number): Promise<void> {
  const { storageBuckets } = navigator as unknown as {
    storageBuckets: {
      open(name: string, options: { quota: number }): Promise<{ indexedDB: IDBFactory }>
    }
  }
  const { indexedDB } = await storageBuckets.open(`bucket${quota}`, { quota })
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: indexedDB })
  const { prototype } = Reflect.get(globalThis, 'FileSystemSyncAccessHandle') as {
    prototype: { write: Write }
  }
  const write = unlimited ?? prototype.write
  unlimited = write
  prototype.write = function (this: unknown, bytes, options) {
    if (options.at + bytes.length > quota) throw new DOMException('full', 'QuotaExceededError')
    return write.call(this, bytes, options)
  }
}
