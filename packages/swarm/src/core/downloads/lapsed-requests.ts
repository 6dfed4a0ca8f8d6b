import { limits } from '../../limits.ts'

/**
 * Requests to one peer that were taken back, which may have crossed with their answer. A block that
 * was asked for twice and taken back twice may come twice, when a link that stood still goes on.
 */
export class LapsedRequests<Request> {
  readonly #lapsed = new Map<number, Request[]>()

  /** @param key see `blockKey`; those that lapsed longest ago are forgotten when there are too many */
  add(key: number, request: Request): void {
    const before = this.#lapsed.get(key) ?? []
    this.#lapsed.delete(key)
    this.#lapsed.set(key, [...before, request].slice(-limits.requests.lapses))
    if (this.#lapsed.size <= 2 * limits.requests.ceiling) return
    this.#lapsed.delete(this.#lapsed.keys().next().value!)
  }

  /** One that lapsed has been answered. @returns the oldest for this block, if there is one */
  take(key: number): Request | undefined {
    const [oldest, ...rest] = this.#lapsed.get(key) ?? []
    if (rest.length > 0) this.#lapsed.set(key, rest)
    else this.#lapsed.delete(key)
    return oldest
  }
}
