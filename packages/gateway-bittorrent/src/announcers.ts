import type { Clock } from '@peerage/wire'
import type { ServedTorrent } from './served-torrent.ts'
import { keepAnnouncing } from './keep-announcing.ts'
import { limits } from './limits.ts'
import { readTrackerUrl } from './tracker.ts'

export interface AnnouncersInit {
  /** our name at trackers, 20 bytes */
  peerId: Uint8Array
  clock: Clock
  answered: (url: string, clients: number) => void
  failed: (url: string, error: Error) => void
}

interface Entry {
  readonly urls: readonly string[]
  readonly ending: AbortController
  running: Promise<unknown>
}

/** Who is told of which torrent, from the gateway's start to its end. */
export class Announcers {
  readonly #init: AnnouncersInit
  readonly #entries = new Map<ServedTorrent, Entry>()
  /** undefined before the start */
  #port: number | undefined

  constructor(init: AnnouncersInit) {
    this.#init = init
  }

  /** @throws {TrackerUrlError} */
  add(torrent: ServedTorrent, urls: readonly string[]): void {
    for (const url of urls) readTrackerUrl(url)
    const entry = {
      urls: urls.slice(0, limits.tracker.perTorrent),
      ending: new AbortController(),
      running: Promise.resolve()
    }
    this.#entries.set(torrent, entry)
    this.#run(torrent, entry)
  }

  /** Says goodbye to a torrent's trackers. */
  async remove(torrent: ServedTorrent): Promise<void> {
    const entry = this.#entries.get(torrent)
    this.#entries.delete(torrent)
    entry?.ending.abort()
    await entry?.running
  }

  /** @param port where clients may come; a gateway that takes none says 1, where nobody listens */
  start(port = 1): void {
    this.#port = port
    for (const [torrent, entry] of this.#entries) this.#run(torrent, entry)
  }

  #run(torrent: ServedTorrent, entry: Entry): void {
    if (this.#port == null) return
    const { peerId, clock, answered, failed } = this.#init
    const about = { infoHash: torrent.infoHash, peerId, port: this.#port }
    const each = entry.urls.map((url) =>
      keepAnnouncing(
        {
          url,
          about,
          clock,
          heard: (clients) => {
            for (const client of clients) torrent.addClient(client)
            answered(url, clients.length)
          },
          failed: (error) => failed(url, error)
        },
        entry.ending.signal
      )
    )
    entry.running = Promise.all(each)
  }
}
