import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  createTorrent,
  type CreatedTorrent,
  type CreateTorrentInit,
  type SourceFile
} from './create.ts'
import { TorrentError } from '../errors.ts'
import { limits } from '../limits.ts'
import { explain } from '../storage/explain.ts'

export interface CreateFromPathInit extends Omit<CreateTorrentInit, 'name' | 'files' | 'read'> {
  /**
   * The torrent's name; the file or folder must have it too before it can be seeded.
   *
   * @default the file's or folder's own name
   */
  name?: string
  /**
   * Takes files and folders whose names begin with a dot, too.
   *
   * @default false
   */
  hidden?: boolean
}

export interface CreatedFromPath extends CreatedTorrent {
  /** where the torrent's files lie: seed them with `fileStorage(torrent, folder)` */
  readonly folder: string
}

/**
 * Hashes a file or a folder into a torrent (Node only). Files go in by the order of their names'
 * bytes, so that two machines with the same folder make the same torrent; symbolic links and what
 * is no plain file stay out.
 *
 * @throws {StorageError} when something cannot be read
 * @throws {TorrentError} when a name is not safe everywhere, or there is nothing in it
 */
export async function createTorrentFromPath(
  path: string,
  init: CreateFromPathInit = {}
): Promise<CreatedFromPath> {
  const full = resolve(path)
  const files = await list(full, init)
  const source = new SourceReader(full)
  try {
    const read = source.read.bind(source)
    const created = await createTorrent({ ...init, name: init.name ?? basename(full), files, read })
    return { ...created, folder: startOf(created, files, full) }
  } finally {
    await source.close()
  }
}

/** Version 2 has no name for a folder with one file in it: the torrent is the file. */
function startOf({ torrent }: CreatedTorrent, files: readonly SourceFile[], full: string): string {
  const flat = files[0]?.path.length === 1 && torrent.files[0]?.path.length === 1
  return flat ? full : dirname(full)
}

async function list(full: string, init: CreateFromPathInit): Promise<SourceFile[]> {
  try {
    const stats = await stat(full)
    if (stats.isFile()) return [{ path: [], length: stats.size }]
    const files: SourceFile[] = []
    await walk(full, [], files, init)
    return files
  } catch (error) {
    throw error instanceof TorrentError || init.signal?.aborted === true
      ? error
      : explain(error, 'read', full)
  }
}

async function walk(
  root: string,
  path: readonly string[],
  files: SourceFile[],
  init: CreateFromPathInit
): Promise<void> {
  init.signal?.throwIfAborted()
  if (path.length > limits.metainfo.pathParts) {
    throw new TorrentError('path-deep', `"${join(root, ...path)}" lies too deep`)
  }
  const entries = await readdir(join(root, ...path), { withFileTypes: true })
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  for (const entry of entries) {
    if (entry.name.startsWith('.') && init.hidden !== true) continue
    const inner = [...path, entry.name]
    if (entry.isDirectory()) await walk(root, inner, files, init)
    if (!entry.isFile()) continue
    const { size } = await stat(join(root, ...inner))
    files.push({ path: inner, length: size })
  }
}

/** Reads files one after another, with one of them open. */
class SourceReader {
  readonly #root: string
  #file: SourceFile | undefined
  #handle: FileHandle | undefined

  constructor(root: string) {
    this.#root = root
  }

  async read(file: SourceFile, offset: number, length: number): Promise<Uint8Array> {
    const path = join(this.#root, ...file.path)
    try {
      if (this.#file !== file) {
        await this.close()
        this.#handle = await open(path, 'r')
        this.#file = file
      }
      const bytes = new Uint8Array(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await this.#handle!.read(bytes, done, length - done, offset + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return bytes.subarray(0, done)
    } catch (error) {
      throw explain(error, 'read', path)
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
    this.#file = undefined
  }
}
