import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { FoundFile } from '@peerage/catalog/folder'
import { type CreateProgress, readTorrent, type Torrent } from '@peerage/swarm'
import { createTorrentFromPath } from '@peerage/swarm/files'
import type { DataFolder } from './data-folder.ts'

export interface TorrentOfOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CreateProgress) => void
}

/**
 * The torrents of files, kept in the data folder: a file is hashed again only when its size or the
 * time of its last change is another.
 */
export class TorrentCache {
  readonly #data: DataFolder

  constructor(data: DataFolder) {
    this.#data = data
  }

  /** @throws StorageError, TorrentError when the file cannot be read or has no name others can use */
  async torrentOf(file: FoundFile, options: TorrentOfOptions = {}): Promise<Torrent> {
    const cached = await this.#recall(file)
    if (cached !== undefined) return cached
    const { torrent, bytes } = await createTorrentFromPath(file.path, {
      ...(options.signal && { signal: options.signal }),
      ...(options.onProgress && { onProgress: options.onProgress })
    })
    const { size, modified } = file
    const entry = { size, modified, torrent: Buffer.from(bytes).toString('base64') }
    await this.#data.write(JSON.stringify(entry), ...place(file))
    return torrent
  }

  /** Forgets a file that is no longer shared. */
  async forget(file: FoundFile): Promise<void> {
    await this.#data.remove(...place(file))
  }

  async #recall(file: FoundFile): Promise<Torrent | undefined> {
    try {
      const bytes = await this.#data.read(...place(file))
      const { size, modified, torrent } = JSON.parse(Buffer.from(bytes ?? []).toString())
      if (size !== file.size || modified !== file.modified) return undefined
      const read = readTorrent(Buffer.from(torrent, 'base64'))
      return read instanceof Error || read.name !== basename(file.path) ? undefined : read
    } catch {
      // not there yet, or damaged: hashing tells again
      return undefined
    }
  }
}

function place({ path }: FoundFile): string[] {
  return ['torrents', `${createHash('sha256').update(path).digest('hex')}.json`]
}
