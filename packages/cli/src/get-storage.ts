import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Storage, StorageError, type Torrent } from '@peerage/swarm'
import { fileStorage, type FileStorageInit } from '@peerage/swarm/files'

/**
 * Files below a folder, for a torrent to be fetched into. What lies there already under the same
 * names must be a part of the torrent: a file of the user's own is never written over.
 */
export async function storageFor(
  torrent: Torrent,
  folder: string,
  init: FileStorageInit & { journal: string }
): Promise<Storage> {
  const files = fileStorage(torrent, folder, init)
  // the journal says that what is there was begun by us, however little of it is verified yet
  if ((await sizeOf(join(init.journal, `${torrent.id.replace(':', '-')}.resume`))) > 0) return files
  const present = await presentFiles(torrent, folder)
  if (present.length === 0) return files
  return {
    read: (...range) => files.read(...range),
    write: (...range) => files.write(...range),
    sync: () => files.sync(),
    close: () => files.close(),
    remember: (piece) => files.remember(piece),
    want: (wanted) => files.want(wanted),
    remembered: async (check, options) => {
      const have = await files.remembered(check, options)
      if (have.some((byte) => byte !== 0)) return have
      throw new StorageError(
        `"${present[0]}" is there already, and is something else; move it away, or choose ` +
          'another folder with --out'
      )
    }
  }
}

async function presentFiles({ files }: Torrent, folder: string): Promise<string[]> {
  const paths = files.filter(({ pad }) => !pad).map(({ path }) => join(folder, ...path))
  const sizes = await Promise.all(paths.map(sizeOf))
  return paths.filter((_, index) => sizes[index]! > 0)
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}
