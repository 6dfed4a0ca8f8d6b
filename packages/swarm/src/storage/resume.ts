import type { AbortOptions } from '@libp2p/interface'
import { systemClock, type Clock } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import type { Bitfield } from '../core/bitfield.ts'
import { DiskFullError } from '../errors.ts'
import { limits } from '../limits.ts'
import { Journal, journalPath, recall } from './journal.ts'
import { recheck, stampOf, type FileState } from './recheck.ts'
import type { CheckProgress } from './spot-check.ts'
import type { CheckPiece } from './storage.ts'

/** What a journal needs of the storage whose pieces it remembers. */
export interface ResumableStorage {
  /** @param options.everything also what an earlier run wrote */
  sync(options?: { everything?: boolean }): Promise<void>
  /** of every file of the torrent; undefined where there is none */
  state(): Promise<readonly (FileState | undefined)[]>
}

export interface ResumeInit extends AbortOptions {
  torrent: Torrent
  storage: ResumableStorage
  /** where journals lie; without it nothing is remembered, and what is there is hashed */
  folder?: string | undefined
  /** reads one piece from the storage and hashes it */
  check: CheckPiece
  /** called after every piece that is hashed */
  onCheck?: ((progress: CheckProgress) => void) | undefined
  /** @default systemClock */
  clock?: Clock | undefined
}

/** The memory of which pieces were verified. */
export interface Resume {
  /** the verified pieces as a bitfield, high bit first; a copy */
  readonly have: Uint8Array
  /**
   * Notes a piece that was verified and written. Resolves when a killed process would not lose the
   * note; it is safe from a power cut after the next {@link flush}. While there are too many pieces
   * that are not, it waits for that flush: a slow disk slows the transfer. Never rejects.
   */
  add(piece: number): Promise<void>
  /** Syncs the data, then says so in the journal; happens by itself every 16 MiB and 2 s. */
  flush(): Promise<void>
  /** Flushes and notes how the files were left. */
  close(): Promise<void>
}

/**
 * Opens a torrent's resume journal and finds out which pieces are on the disk, hashing as few as
 * possible: after a crash the few that were not synced and a sample, at most 64 MiB together (with
 * pieces so large that a few are more, those few).
 */
export async function openResume(init: ResumeInit): Promise<Resume> {
  const { torrent, folder, storage } = init
  const path = folder === undefined ? undefined : journalPath(folder, torrent)
  const journal = path === undefined ? undefined : await recall(path, torrent)
  const { have, hashed } = await recheck({ ...init, files: await storage.state() }, journal)
  const keeper = new ResumeKeeper(init, path, have)
  // the killed process may have left what was hashed in the system's memory only
  if (path !== undefined) await keeper.begin(hashed > 0)
  return keeper
}

class ResumeKeeper implements Resume {
  readonly #init: ResumeInit
  readonly #clock: Clock
  readonly #path: string | undefined
  readonly #have: Bitfield
  #journal: Journal | undefined
  /** piece records that a mark in the journal covers */
  #marked = 0
  /** bytes of the pieces added since the last flush */
  #bytes = 0
  #cancel: (() => void) | undefined
  #flushing: Promise<void> = Promise.resolve()
  #spoilt: Error | undefined
  #closed = false

  constructor(init: ResumeInit, path: string | undefined, have: Bitfield) {
    this.#init = init
    this.#clock = init.clock ?? systemClock
    this.#path = path
    this.#have = have
  }

  get have(): Uint8Array {
    return this.#have.toBytes()
  }

  /** Starts a new journal with what is there. On a full disk later: seeding must go on. */
  async begin(everything: boolean): Promise<void> {
    try {
      await this.#start(everything)
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
    }
  }

  async add(piece: number): Promise<void> {
    if (this.#closed || !this.#have.add(piece) || this.#path === undefined) return
    this.#journal?.push({ kind: 'piece', value: piece })
    this.#bytes += this.#init.torrent.pieceSize(piece)
    if (this.#bytes >= limits.storage.journalBytes) this.#flushSoon(0)
    else if (this.#cancel === undefined) this.#flushSoon(limits.storage.journalDelay)
    // at once, so that after a crash one knows which pieces to hash; a failure shows at the flush
    await this.#journal?.drain().catch(() => {})
    if (this.#bytes >= limits.storage.journalMost) await this.flush().catch(() => {})
  }

  flush(): Promise<void> {
    if (this.#closed) return this.#flushing
    this.#flushing = this.#flushing.catch(() => {}).then(() => this.#flush())
    return this.#flushing
  }

  async close(): Promise<void> {
    if (this.#closed) return
    const flushed = this.flush()
    this.#closed = true
    try {
      await flushed
      const stamp = stampOf(await this.#init.storage.state())
      this.#journal?.push({ kind: 'closed', value: stamp })
      await this.#journal?.sync()
    } finally {
      this.#cancel?.()
      await this.#journal?.close()
      this.#journal = undefined
    }
  }

  #flushSoon(delay: number): void {
    this.#cancel?.()
    this.#cancel = this.#clock.after(delay, () => {
      this.flush().catch(() => {})
    })
  }

  async #flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    this.#bytes = 0
    if (this.#path === undefined) return
    if (this.#journal === undefined) await this.#start(false)
    const journal = this.#journal!
    const covered = journal.pieces
    if (covered === this.#marked) return
    await journal.drain()
    await this.#syncData()
    journal.push({ kind: 'synced', value: covered })
    await journal.sync()
    this.#marked = covered
  }

  async #start(everything: boolean): Promise<void> {
    const before = [...this.#have]
    await this.#syncData(everything)
    const journal = await Journal.start(this.#path!, this.#init.torrent, before)
    this.#marked = journal.pieces
    const known = new Set(before)
    // added while the journal was being made
    for (const piece of this.#have)
      if (!known.has(piece)) journal.push({ kind: 'piece', value: piece })
    this.#journal = journal
  }

  /**
   * After a failed sync the system takes the lost data for clean and the next one succeeds ("fsync
   * gate", PostgreSQL 2018). So there are no more marks in this run, and the next one hashes.
   */
  async #syncData(everything = false): Promise<void> {
    if (this.#spoilt !== undefined) throw this.#spoilt
    try {
      await this.#init.storage.sync({ everything })
    } catch (error) {
      this.#spoilt = error as Error
      throw error
    }
  }
}
