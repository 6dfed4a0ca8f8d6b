import type { AbortOptions } from '@libp2p/interface'
import type { Clock } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import { limits } from '../limits.ts'
import { Aside, sideFiles } from './aside.ts'
import { DiskFiles } from './disk-files.ts'
import { Gate } from './gate.ts'
import { assertInside, spansOf, type Span } from './layout.ts'
import type { FileState } from './recheck.ts'
import { openResume, type Resume } from './resume.ts'
import type { CheckProgress } from './spot-check.ts'
import type { CheckPiece, Storage } from './storage.ts'

export interface FileStorageInit {
  /**
   * A folder for the journal of verified pieces, one small file a torrent. Without it every piece
   * that is there is hashed again at each start.
   */
  journal?: string
  /**
   * Files open at a time.
   *
   * @default 32
   */
  openFiles?: number
  /** Called while pieces from an earlier run are hashed again. */
  onCheck?: (progress: CheckProgress) => void
  /** @default systemClock */
  clock?: Clock
}

/**
 * Keeps a torrent in files below a folder (Node only), under their final names from the first byte
 * on: sparse, growing as pieces arrive. Files and folders are made when they are first written; of
 * files that are not wanted, what comes with a neighbour's piece lies in `.<info-hash>.parts`.
 */
export function fileStorage(
  torrent: Torrent,
  folder: string,
  init: FileStorageInit = {}
): FileStorage {
  return new FileStorage(torrent, folder, init)
}

/** {@link Storage} in files; made by {@link fileStorage}. */
export class FileStorage implements Storage {
  readonly #torrent: Torrent
  readonly #init: FileStorageInit
  readonly #disk: DiskFiles
  /** reads and writes run at once; what moves files runs alone */
  readonly #gate = new Gate()
  #opened: Promise<Aside> | undefined
  #resume: Resume | undefined
  #empties: Promise<void> | undefined

  constructor(torrent: Torrent, folder: string, init: FileStorageInit) {
    const { openFiles = limits.storage.openFiles } = init
    this.#torrent = torrent
    this.#init = init
    this.#disk = new DiskFiles(folder, [...torrent.files, ...sideFiles(torrent)], openFiles)
  }

  async read(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array> {
    const spans = this.#spansOf(offset, length)
    const bytes = roomFor(spans, length)
    const aside = await this.#aside()
    await this.#gate.shared(async () => {
      for (const span of spans) {
        options?.signal?.throwIfAborted()
        await this.#read(aside, span, bytes.subarray(span.from, span.from + span.length))
      }
    })
    return bytes
  }

  async write(offset: number, bytes: Uint8Array, options?: AbortOptions): Promise<void> {
    const spans = this.#spansOf(offset, bytes.length)
    const aside = await this.#aside()
    options?.signal?.throwIfAborted()
    await (this.#empties ??= this.#makeEmpties(aside))
    const part = ({ from, length }: Span): Uint8Array => bytes.subarray(from, from + length)
    const stuck: Span[] = []
    await this.#gate.shared(async () => {
      for (const span of spans) {
        options?.signal?.throwIfAborted()
        if (aside.mustMake(span)) stuck.push(span)
        else await this.#write(aside, span, part(span))
      }
    })
    for (const span of stuck) {
      await this.#gate.alone(async () => {
        if (aside.mustMake(span)) await aside.make(span.file)
        await this.#write(aside, span, part(span))
      })
    }
  }

  /**
   * @param options.everything also what an earlier run wrote: the system may still hold it in memory
   */
  sync({ everything = false }: { everything?: boolean } = {}): Promise<void> {
    return this.#gate.shared(() => this.#disk.sync(everything))
  }

  async close(): Promise<void> {
    try {
      await this.#resume?.close()
    } finally {
      this.#resume = undefined
      await this.#disk.close()
    }
  }

  async want(files: readonly boolean[]): Promise<void> {
    const aside = await this.#aside()
    await this.#gate.alone(() => aside.want(files))
    if (this.#empties !== undefined) await (this.#empties = this.#makeEmpties(aside))
  }

  async remembered(check: CheckPiece, options?: AbortOptions): Promise<Uint8Array> {
    this.#resume = await openResume({
      torrent: this.#torrent,
      storage: this,
      folder: this.#init.journal,
      check,
      onCheck: this.#init.onCheck,
      clock: this.#init.clock,
      signal: options?.signal
    })
    return this.#resume.have
  }

  async remember(piece: number): Promise<void> {
    await this.#resume?.add(piece)
  }

  /** The state of every file of the torrent; undefined where there is no such file. */
  async state(): Promise<(FileState | undefined)[]> {
    return (await this.#aside()).state()
  }

  #aside(): Promise<Aside> {
    return (this.#opened ??= Aside.open(this.#torrent, this.#disk))
  }

  #spansOf(offset: number, length: number): Span[] {
    assertInside(this.#torrent.extent, offset, length)
    const { files } = this.#torrent
    return [...spansOf(files, offset, length)].filter(({ file }) => !files[file]!.pad)
  }

  async #read(aside: Aside, span: Span, bytes: Uint8Array): Promise<void> {
    const parts = aside.placesOf(span)
    if (parts === undefined) return this.#disk.read(span.file, span.at, bytes)
    for (const part of parts)
      await aside.read(part, bytes.subarray(part.within - span.at).subarray(0, part.length))
  }

  async #write(aside: Aside, span: Span, bytes: Uint8Array): Promise<void> {
    const parts = aside.placesOf(span)
    if (parts === undefined) return this.#disk.write(span.file, span.at, bytes)
    for (const part of parts)
      await aside.write(part, bytes.subarray(part.within - span.at).subarray(0, part.length))
  }

  /** Files without bytes are in no piece, so no write would ever make them. */
  async #makeEmpties(aside: Aside): Promise<void> {
    try {
      for (const [file, { length, pad }] of this.#torrent.files.entries()) {
        if (length === 0 && !pad && aside.wants(file)) await this.#disk.make(file)
      }
    } catch (error) {
      this.#empties = undefined
      throw error
    }
  }
}

/** Not zeroed when every byte of it is read, or the read fails; what lies between files is zeros. */
function roomFor(spans: readonly Span[], length: number): Uint8Array {
  const read = spans.reduce((sum, span) => sum + span.length, 0)
  if (read < length) return new Uint8Array(length)
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}
