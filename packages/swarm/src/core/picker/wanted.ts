import type { Torrent } from '../../codec/metainfo.ts'
import { limits } from '../../limits.ts'
import type { Picker } from './picker.ts'
import { piecePriorities } from './priorities.ts'
import { usualPriority } from './rarity.ts'
import type { Wish } from '../vocabulary.ts'

/** Somebody who reads a file while it comes. */
interface Reader {
  /** pieces it reads, the last one included */
  readonly first: number
  readonly last: number
  /** pieces it has deadlines for */
  due: readonly number[]
}

/**
 * What the user wants of a torrent: files that are chosen, what is being read, and how soon. Its
 * picker is told piece by piece.
 */
export class Wanted {
  /** bytes that are wanted, here or not */
  total = 0
  /** bytes that are wanted and not here */
  left = 0
  /** bytes that are verified */
  here = 0
  readonly #torrent: Torrent
  readonly #picker: Picker
  /** what each piece has by its files; all alike while undefined */
  #byFiles: Uint8Array | undefined
  readonly #readers = new Map<number, Reader>()
  /** pieces that are not fetched again before files are chosen anew */
  readonly #lost = new Set<number>()

  constructor(torrent: Torrent, picker: Picker) {
    this.#torrent = torrent
    this.#picker = picker
    this.total = torrent.length
    for (const piece of picker.have) this.here += torrent.pieceSize(piece)
    this.left = torrent.length - this.here
  }

  /** Does as the user wishes. */
  apply(now: number, wish: Wish): void {
    switch (wish.type) {
      case 'prioritize':
        return this.prioritize(wish.files)
      case 'order':
        return this.#picker.setOrder(wish.order)
      case 'deadline':
        return this.#picker.setDeadline(wish.piece, wish.at)
      case 'read':
        return this.#read(now, wish.reader, wish.piece, wish.last)
      case 'leave':
        return this.#leave(wish.reader)
    }
  }

  /** @param files a priority each, 0 (unwanted) to 7, in the torrent's order */
  prioritize(files: readonly number[]): void {
    this.#byFiles = piecePriorities(this.#torrent, files)
    this.#lost.clear()
    this.#update(0, this.#torrent.pieceCount - 1)
  }

  /** A piece is verified and stored. */
  stored(piece: number): void {
    this.here += this.#torrent.pieceSize(piece)
    if (this.#picker.wants(piece)) this.left -= this.#torrent.pieceSize(piece)
  }

  /** A piece is about to be here no longer, and is not to be fetched. */
  lose(piece: number): void {
    this.here -= this.#torrent.pieceSize(piece)
    this.#lost.add(piece)
    this.#update(piece, piece)
  }

  /** A reader waits for a piece, and means to go on: what comes next is due soon after. */
  #read(now: number, id: number, piece: number, last: number): void {
    const known = this.#readers.get(id)
    const reader = known ?? { first: piece, last, due: [] }
    this.#readers.set(id, reader)
    if (known == null) this.#update(piece, last)
    this.#unhurry(id, reader)
    reader.due = this.#after(piece, last)
    const soonest = now + limits.picker.late + limits.stream.apart
    reader.due.forEach((due, i) => {
      this.#picker.setDeadline(due, soonest + i * limits.stream.apart, id)
    })
  }

  #leave(id: number): void {
    const reader = this.#readers.get(id)
    if (reader == null) return
    this.#readers.delete(id)
    this.#unhurry(id, reader)
    this.#update(reader.first, reader.last)
  }

  #unhurry(id: number, { due }: Reader): void {
    for (const piece of due) this.#picker.setDeadline(piece, undefined, id)
  }

  /** Pieces that are lacking, from this one on. */
  #after(piece: number, last: number): number[] {
    const { aheadBytes, aheadPieces } = limits.stream
    const most = Math.min(aheadPieces, 1 + Math.ceil(aheadBytes / this.#torrent.pieceLength))
    const end = Math.min(last + 1, piece + most)
    const pieces: number[] = []
    for (let at = piece; at < end; at++) if (!this.#picker.have.has(at)) pieces.push(at)
    return pieces
  }

  #update(first: number, last: number): void {
    for (let piece = first; piece <= last; piece++) {
      if (this.#picker.wants(piece)) this.#count(piece, -1)
      this.#picker.prioritize(piece, this.#priorityOf(piece))
      if (this.#picker.wants(piece)) this.#count(piece, 1)
    }
  }

  /** What is read is wanted while it is read, even of a file that is not. */
  #priorityOf(piece: number): number {
    if (this.#lost.has(piece)) return 0
    const priority = this.#byFiles?.[piece] ?? usualPriority
    if (priority > 0) return priority
    for (const { first, last } of this.#readers.values()) {
      if (first <= piece && piece <= last) return usualPriority
    }
    return 0
  }

  #count(piece: number, by: 1 | -1): void {
    const size = by * this.#torrent.pieceSize(piece)
    this.total += size
    if (!this.#picker.have.has(piece)) this.left += size
  }
}
