import type { Pipe, PipeEnd } from './api.ts'
import { clientName } from './client-name.ts'
import { rewriters } from './codec/rewriter.ts'
import { joinLines } from './join-lines.ts'
import { limits } from './limits.ts'
import type { Line } from './tcp-line.ts'

/** The two ends of a pipe, and the handshake of the one that came. */
export interface Ends {
  readonly client: Line
  readonly peer: Line
  readonly first: Uint8Array
}

/** The pipes that are open, and the places for more. */
export class Pipes {
  readonly #open = new Map<Pipe, Ends>()
  /** connections that are piped or about to be, by who came */
  readonly #places = new Map<string, number>()
  #taken = 0

  get all(): readonly Pipe[] {
    return [...this.#open.keys()]
  }

  /**
   * Takes a place.
   *
   * @param from who came
   * @param most places that one may have
   * @returns what gives it back; undefined when there is none left
   */
  admit(from: string, most: number): (() => void) | undefined {
    const held = this.#places.get(from) ?? 0
    if (held >= most || this.#taken >= limits.pipes.total) return undefined
    this.#places.set(from, held + 1)
    this.#taken++
    return () => {
      this.#taken--
      const rest = this.#places.get(from)! - 1
      if (rest === 0) this.#places.delete(from)
      else this.#places.set(from, rest)
    }
  }

  /** Carries until either side closes. */
  async run(pipe: Pipe, ends: Ends): Promise<PipeEnd> {
    const { client, peer, first } = ends
    const inbound = pipe.direction === 'inbound'
    const { toPeer, toClient } = rewriters(clientName(pipe.peer))
    const bytes = { fromClient: 0, toClient: 0 }
    this.#open.set(pipe, ends)
    const error = await joinLines(
      {
        from: client,
        to: peer,
        rewriter: toPeer,
        carried: (count) => void (bytes.fromClient += count),
        ...(inbound && { first })
      },
      {
        from: peer,
        to: client,
        rewriter: toClient,
        carried: (count) => void (bytes.toClient += count),
        ...(!inbound && { first })
      }
    )
    this.#open.delete(pipe)
    return { ...pipe, ...bytes, ...(error && { error }) }
  }

  /** Closes the pipes of a torrent, or all of them. */
  async close(infoHash?: Uint8Array): Promise<void> {
    const ends = [...this.#open].flatMap(([pipe, { client, peer }]) =>
      infoHash == null || Buffer.compare(pipe.infoHash, infoHash) === 0 ? [client, peer] : []
    )
    await Promise.all(ends.map((line) => line.end()))
  }
}
