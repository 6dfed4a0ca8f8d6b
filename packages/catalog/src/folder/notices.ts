import { limits } from '../limits.ts'

/** What may have changed in a folder: these names, or anything. */
export type Changed = ReadonlySet<string> | 'anything'

/**
 * What watchers have noticed and nobody has looked at yet. However much happens, it holds no more
 * than a few names for each folder.
 */
export class Notices {
  readonly #settle: number
  readonly #noted = new Map<string, Set<string> | 'anything'>()
  #wake: (() => void) | undefined

  /** @param settle milliseconds of quiet to wait for */
  constructor(settle: number) {
    this.#settle = settle
  }

  /** @param name of the entry that may have changed; anything in the folder may if it is left out */
  note(folder: string, name?: string): void {
    const names = this.#noted.get(folder) ?? new Set()
    if (name === undefined || names === 'anything') this.#noted.set(folder, 'anything')
    else if (names.add(name).size > limits.maxNoticedNames) this.#noted.set(folder, 'anything')
    else this.#noted.set(folder, names)
    this.#wake?.()
  }

  /**
   * Waits until something is noted and it has been quiet since, and takes it all, parents before
   * their children. @throws the signal's reason
   */
  async take(signal?: AbortSignal): Promise<[folder: string, changed: Changed][]> {
    if (this.#noted.size === 0) await this.#next(Infinity, signal)
    const latest = performance.now() + limits.longestSettle
    while (performance.now() < latest && (await this.#next(this.#settle, signal)) === 'noted');
    const taken = [...this.#noted].toSorted(([a], [b]) => (a < b ? -1 : 1))
    this.#noted.clear()
    return taken
  }

  /** Waits for a notice, for so many milliseconds. */
  #next(patience: number, signal?: AbortSignal): Promise<'noted' | 'quiet'> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#wake = undefined
        settle()
      }
      const abort = (): void => end(() => reject(signal?.reason as Error))
      const timer =
        patience === Infinity ? undefined : setTimeout(() => end(() => resolve('quiet')), patience)
      signal?.addEventListener('abort', abort, { once: true })
      this.#wake = () => end(() => resolve('noted'))
    })
  }
}
