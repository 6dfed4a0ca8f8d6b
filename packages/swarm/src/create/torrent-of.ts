import type { Torrent } from '../codec/metainfo.ts'
import { createTorrent } from './create.ts'
import { memoryStorage } from '../storage/memory.ts'
import type { Storage } from '../storage/storage.ts'

/**
 * A torrent of one file whose bytes are in memory, and the storage that holds them: ready to seed.
 *
 * @param name the file's name
 * @throws {TorrentError} the name is none a file may have
 */
export async function torrentOf(
  name: string,
  bytes: Uint8Array
): Promise<{ torrent: Torrent; storage: Storage }> {
  const { torrent } = await createTorrent({
    name,
    files: [{ path: [], length: bytes.byteLength }],
    read: async (_, from, length) => bytes.slice(from, from + length)
  })
  const storage = memoryStorage(torrent)
  await storage.write(0, bytes)
  return { torrent, storage }
}
