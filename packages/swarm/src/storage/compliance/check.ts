import { secureRandom } from '@peerage/wire'
import type { Torrent } from '../../codec/metainfo.ts'
import type { Storage } from '../storage.ts'
import { makeSample, type Layout, type Sample } from './sample.ts'

/**
 * Makes the storage that is checked.
 *
 * @param place a name, of letters and digits, that was never used before: keep the bytes under it.
 * The same one again means to open what was kept there; the storage before is closed by then.
 */
export type MakeStorage = (torrent: Torrent, place: string) => Storage | Promise<Storage>

/** One thing a storage promises. */
export interface StorageCheck {
  readonly name: string
  /** Rejects when the promise is not kept; the message says in what. */
  readonly run: (make: MakeStorage) => Promise<void>
}

/** A torrent, its bytes, and one place for both. */
export interface Scene extends Sample {
  /** the storage, made (again); all are closed when the check ends */
  readonly open: () => Promise<Storage>
}

/** Files of odd lengths, some with nothing in them, whose edges and those of pieces do not meet. */
const mixed: Layout = { files: [0, 1500, 0, 3500, 1, 7000, 1, 0], pieceLength: 1024 }

export function check(
  name: string,
  body: (scene: Scene) => Promise<void>,
  layout: Layout = mixed
): StorageCheck {
  return {
    name,
    run: async (make) => {
      const place = `check${secureRandom.below(2 ** 32).toString(36)}`
      const sample = await makeSample(layout)
      const opened: Storage[] = []
      const open = async (): Promise<Storage> => {
        const storage = await make(sample.torrent, place)
        opened.push(storage)
        return storage
      }
      try {
        await body({ ...sample, open })
      } finally {
        for (const storage of opened) await storage.close()
      }
    }
  }
}

export function expectBytes(what: string, got: Uint8Array, wanted: Uint8Array): void {
  if (got.length !== wanted.length) {
    throw new Error(`${what}: ${got.length} bytes, not the ${wanted.length} that were asked for`)
  }
  const at = got.findIndex((byte, index) => byte !== wanted[index])
  if (at !== -1) throw new Error(`${what}: byte ${at} is ${got[at]}, not ${wanted[at]}`)
}

/** @returns what it was rejected with */
export async function expectRejection(what: string, job: Promise<unknown>): Promise<unknown> {
  const outcome = await job.then(
    () => undefined,
    (reason: unknown) => ({ reason })
  )
  if (outcome === undefined) throw new Error(`${what}: it should have been rejected`)
  return outcome.reason
}
