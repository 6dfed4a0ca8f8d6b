import type { FileHandle } from 'node:fs/promises'
import { StorageError } from '../errors.ts'

interface Entry {
  readonly handle: Promise<FileHandle>
  users: number
}

/** Open files, a bounded number of them; the least recently used idle one gives way. */
export class Handles {
  readonly #max: number
  /** oldest first */
  readonly #entries = new Map<string, Entry>()
  readonly #waiting: (() => void)[] = []
  /** files that gave way and are not closed yet: they count */
  #closing = 0
  #closed = false

  constructor(max: number) {
    this.#max = max
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /** Runs a job on the open file of this key, which stays open for as long as the job runs. */
  async use<T>(
    key: string,
    open: () => Promise<FileHandle>,
    job: (handle: FileHandle) => Promise<T>
  ): Promise<T> {
    const entry = await this.#take(key, open)
    try {
      return await job(await entry.handle)
    } finally {
      entry.users--
      this.#waiting.shift()?.()
    }
  }

  /** Closes these, after the jobs on them; who asks for them again opens them anew. */
  async release(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const entry = this.#entries.get(key)
      if (entry !== undefined) await this.#evict(key, entry)
    }
    this.#waiting.shift()?.()
  }

  /** Closes all of them, after the jobs on them. */
  async close(): Promise<void> {
    this.#closed = true
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    for (const wake of this.#waiting.splice(0)) wake()
    // a handle waits for its own operations before it closes
    await Promise.all(entries.map(shut))
  }

  get #full(): boolean {
    return this.#entries.size + this.#closing >= this.#max
  }

  async #take(key: string, open: () => Promise<FileHandle>): Promise<Entry> {
    while (!this.#closed && !this.#entries.has(key) && this.#full) await this.#makeRoom()
    if (this.#closed) throw new StorageError('the storage is closed')
    const entry = this.#entries.get(key) ?? this.#add(key, open)
    entry.users++
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  #add(key: string, open: () => Promise<FileHandle>): Entry {
    const entry: Entry = { handle: open(), users: 0 }
    entry.handle.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return entry
  }

  async #makeRoom(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (entry.users > 0) continue
      return this.#evict(key, entry)
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #evict(key: string, entry: Entry): Promise<void> {
    this.#entries.delete(key)
    this.#closing++
    await shut(entry)
    this.#closing--
  }
}

async function shut({ handle }: Entry): Promise<void> {
  await handle.then((open) => open.close()).catch(() => {})
}
