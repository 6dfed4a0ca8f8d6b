import type { Logger } from '@libp2p/interface'
import { asError, type Clock } from '@peerage/wire'
import { Key, type Datastore } from 'interface-datastore'
import { decodeRecords, encodeRecords } from '../codec/kept-records.ts'
import { limits } from '../limits.ts'

export interface KeptInit<T> {
  datastore: Datastore
  /** with its version: what a later version keeps otherwise, it keeps elsewhere */
  key: string
  clock: Clock
  log: Logger
  /** milliseconds since 1970: the only clock that goes on while a node is off @default Date.now */
  wallClock?: () => number
  /** most records taken back */
  most: number
  isRecord: (value: unknown) => value is T
  export: () => T[]
  /** @param elapsed milliseconds since they were kept */
  import: (records: readonly T[], elapsed: number) => void
}

/** Records about peers in the node's datastore: read at the start, written soon after a change. */
export class Kept<T> {
  readonly #init: KeptInit<T>
  readonly #key: Key
  readonly #wallClock: () => number
  #writing: Promise<void> = Promise.resolve()
  /** set while there is something new to write */
  #cancel: (() => void) | undefined

  constructor(init: KeptInit<T>) {
    this.#init = init
    this.#key = new Key(init.key)
    this.#wallClock = init.wallClock ?? Date.now
  }

  /** Takes back what was kept, if that is what is there. Never rejects. */
  async load(): Promise<void> {
    const { datastore, log, isRecord, most } = this.#init
    try {
      if (!(await datastore.has(this.#key))) return
      const kept = decodeRecords(await datastore.get(this.#key), isRecord, most)
      if (kept == null) log('ignoring what is kept under %s: it is damaged or foreign', this.#key)
      // a clock that was set back must not make bans longer
      else this.#init.import(kept.records, Math.max(0, this.#wallClock() - kept.at))
    } catch (reason) {
      log.error('reading %s failed, nothing is remembered - %e', this.#key, asError(reason))
    }
  }

  /** There is something new; many changes make one write. */
  readonly changed = (): void => {
    this.#cancel ??= this.#init.clock.after(limits.kept.delay, () => {
      this.#write()
    })
  }

  /** Writes what is new. Never rejects. */
  async flush(): Promise<void> {
    if (this.#cancel != null) this.#write()
    await this.#writing
  }

  #write(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#writing = this.#writing.then(() => this.#put())
  }

  async #put(): Promise<void> {
    const { datastore, log } = this.#init
    const records = this.#init.export()
    try {
      await datastore.put(this.#key, encodeRecords({ at: this.#wallClock(), records }))
    } catch (reason) {
      log.error('keeping %s failed - %e', this.#key, asError(reason))
    }
  }
}
