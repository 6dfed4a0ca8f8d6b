import type { Torrent } from '../codec/metainfo.ts'
import { toHex } from '../codec/text.ts'
import { StorageError } from '../errors.ts'
import type { DiskFile, DiskFiles } from './disk-files.ts'
import type { Span } from './layout.ts'
import { PartPlaces, type PartSpan } from './part-places.ts'
import type { FileState } from './recheck.ts'

/** The part file and the one for moving, which come after the torrent's own. */
export function sideFiles({ infoHash }: Torrent): DiskFile[] {
  const name = toHex(infoHash)
  return ['parts', 'moving'].map((kind) => ({ path: [`.${name}.${kind}`], length: Infinity }))
}

/**
 * Files that nobody wants are not made. What comes of them in a piece that a wanted file shares lies
 * aside in one part file (libtorrent's idea, and its name for it) and moves when they are wanted.
 *
 * A file that is not there lies aside, if there is a part file: nothing else is written down.
 */
export class Aside {
  readonly #torrent: Torrent
  readonly #disk: DiskFiles
  readonly #places: PartPlaces
  /** files whose bytes lie in the part file, as far as there are any */
  readonly #files = new Set<number>()
  #wanted: readonly boolean[] = []
  readonly #parts: number
  readonly #moving: number

  private constructor(torrent: Torrent, disk: DiskFiles) {
    this.#torrent = torrent
    this.#disk = disk
    this.#places = new PartPlaces(torrent)
    this.#parts = torrent.files.length
    this.#moving = torrent.files.length + 1
  }

  /** Looks at what an earlier run left. @param disk the torrent's files, then {@link sideFiles} */
  static async open(torrent: Torrent, disk: DiskFiles): Promise<Aside> {
    const aside = new Aside(torrent, disk)
    if ((await disk.state(aside.#parts)) !== undefined) await aside.#putAside(() => true)
    return aside
  }

  /**
   * Where in the part file a span's bytes lie; undefined when they are in their file.
   *
   * @throws {StorageError} they are in neither
   */
  placesOf(span: Span): PartSpan[] | undefined {
    if (!this.#files.has(span.file)) return undefined
    const parts = this.#places.of(span)
    if (parts !== undefined) return parts
    const name = this.#torrent.files[span.file]!.path.join('/')
    throw new StorageError(`"${name}" was not wanted, so it is not here; select it`)
  }

  /** Whether a file must be made before this can be written. */
  mustMake(span: Span): boolean {
    const { file } = span
    // a piece of its own, on its way when the file was still wanted, has no place aside
    return this.#files.has(file) && (this.wants(file) || this.#places.of(span) === undefined)
  }

  wants(file: number): boolean {
    return this.#wanted[file] ?? true
  }

  /** Of every file of the torrent; one that is not there is as the part file is, if there is one. */
  async state(): Promise<(FileState | undefined)[]> {
    const parts = await this.#disk.state(this.#parts)
    return Promise.all(
      this.#torrent.files.map(async ({ pad, length }, file) => {
        if (pad) return undefined
        return (await this.#disk.state(file)) ?? (parts && { ...parts, size: length })
      })
    )
  }

  async read(part: PartSpan, bytes: Uint8Array): Promise<void> {
    await this.#disk.read(this.#parts, part.at, bytes)
  }

  async write(part: PartSpan, bytes: Uint8Array): Promise<void> {
    await this.#disk.write(this.#parts, part.at, bytes)
  }

  /** Nobody else may use the files meanwhile. */
  async want(files: readonly boolean[]): Promise<void> {
    this.#wanted = [...files]
    await this.#putAside((file) => !this.wants(file))
    for (const file of this.#files) if (this.wants(file)) await this.make(file)
    if (this.#files.size === 0) await this.#disk.remove(this.#parts)
  }

  /** Moves a file's bytes to where they belong. Nobody else may use the files meanwhile. */
  async make(file: number): Promise<void> {
    try {
      // a process that died may have left one
      await this.#disk.remove(this.#moving)
      const { size } = (await this.#disk.state(this.#parts)) ?? { size: 0 }
      const there = this.#places.ofEdges(file).filter(({ at, length }) => at + length <= size)
      for (const part of there) {
        const bytes = new Uint8Array(part.length)
        await this.read(part, bytes)
        await this.#disk.write(this.#moving, part.within, bytes)
      }
      if (there.length > 0) await this.#disk.move(this.#moving, file)
    } catch (error) {
      await this.#disk.remove(this.#moving).catch(() => {})
      throw error
    }
    this.#files.delete(file)
  }

  async #putAside(chosen: (file: number) => boolean): Promise<void> {
    for (const [file, { length, pad }] of this.#torrent.files.entries()) {
      if (pad || length === 0 || !chosen(file) || this.#files.has(file)) continue
      if ((await this.#disk.state(file)) === undefined) this.#files.add(file)
    }
  }
}
