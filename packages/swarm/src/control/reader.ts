import { StorageError } from '../errors.ts'
import type { Torrent } from '../codec/metainfo.ts'
import type { Wish } from '../core/vocabulary.ts'
import type { Keeper } from '../keeper.ts'
import type { PieceWaiter } from './piece-waiter.ts'
import type { Reader } from './read-range.ts'

export interface ReaderInit {
  torrent: Torrent
  /** one for each reader of a torrent */
  id: number
  ask: (wish: Wish) => void
  pieces: PieceWaiter
  keeper: Keeper
  /** aborts when the torrent stops */
  stopping: AbortSignal
}

/** Reads a torrent: what its core is told, and where the bytes come from. */
export function readerOf({ torrent, id, ask, pieces, keeper, stopping }: ReaderInit): Reader {
  return {
    torrent,
    ahead: (piece, last) => {
      ask({ type: 'read', reader: id, piece, last })
    },
    leave: () => {
      ask({ type: 'leave', reader: id })
    },
    verified: (piece, options) => pieces.wait(piece, options),
    read: async (piece, begin, length, { signal = stopping }) => {
      const read = await keeper.carryOut({ type: 'read', piece, begin, length }, signal)
      if (read.type === 'read') return read.bytes
      if ('error' in read) throw read.error
      const what = `piece ${piece} of "${torrent.name}" is not what its hash says`
      throw new StorageError(`${what}: was a file changed? \`select\` it to fetch it again`)
    }
  }
}
