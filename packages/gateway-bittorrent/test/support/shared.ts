import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  createTorrent,
  memoryStorage,
  type Storage,
  type Torrent,
  type TorrentVersion
} from '@peerage/swarm'
import { noise } from '@peerage/testbed'

/** Files to be fetched, as a torrent of some version. */
export interface Shared {
  torrent: Torrent
  /** the `.torrent` file */
  bytes: Uint8Array
  /** what each file must have, by its path below the download folder */
  content: Map<string, Uint8Array>
}

/** A long file, one that fits into a piece, and odd lengths, so that padding is there to be wrong. */
export async function sharedFiles(version: TorrentVersion): Promise<Shared> {
  const files = [
    { path: ['long.bin'], length: 700_001 },
    { path: ['short.bin'], length: 9_999 }
  ]
  const bytesOf = (length: number): Uint8Array => noise(length, length)
  const { torrent, bytes } = await createTorrent({
    name: 'album',
    version,
    pieceLength: 64 * 1024,
    files,
    read: async (file, from, length) => bytesOf(file.length).slice(from, from + length)
  })
  const content = new Map(
    files.map(({ path, length }) => [join('album', ...path), bytesOf(length)])
  )
  return { torrent, bytes, content }
}

/** The storage that has all of them. */
export async function filled({ torrent, content }: Shared): Promise<Storage> {
  const storage = memoryStorage(torrent)
  for (const { path, offset, pad } of torrent.files) {
    if (!pad) await storage.write(offset, content.get(join(...path))!)
  }
  return storage
}

/** The files in a storage, as {@link Shared} has them. */
export async function filesIn(torrent: Torrent, storage: Storage): Promise<Shared['content']> {
  const files = torrent.files.filter(({ pad }) => !pad)
  const read = files.map(
    async ({ path, offset, length }) => [join(...path), await storage.read(offset, length)] as const
  )
  return new Map(await Promise.all(read))
}

/** Writes the files into a folder, and the `.torrent` file beside them. @returns the latter's path */
export async function writeTo(folder: string, { bytes, content }: Shared): Promise<string> {
  for (const [path, file] of content) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), file)
  }
  const torrentFile = join(folder, 'a.torrent')
  await writeFile(torrentFile, bytes)
  return torrentFile
}

/** The files in a folder, as {@link Shared} has them. */
export async function filesAt(folder: string, { content }: Shared): Promise<Shared['content']> {
  const read = [...content.keys()].map(
    async (path) => [path, new Uint8Array(await readFile(join(folder, path)))] as const
  )
  return new Map(await Promise.all(read))
}
