import type { Torrent } from '../../codec/metainfo.ts'
import { usualPriority } from './rarity.ts'

/**
 * What each piece's priority is when files have these: the highest of the files it has bytes of.
 *
 * @param files 0 (unwanted) to 7, in the torrent's order; a file beyond the end has 4
 */
export function piecePriorities(torrent: Torrent, files: readonly number[]): Uint8Array {
  const { pieceLength } = torrent
  const priorities = new Uint8Array(torrent.pieceCount)
  torrent.files.forEach(({ offset, length, pad }, file) => {
    const priority = pad ? 0 : (files[file] ?? usualPriority)
    const end = length === 0 ? 0 : Math.ceil((offset + length) / pieceLength)
    for (let piece = Math.floor(offset / pieceLength); piece < end; piece++) {
      priorities[piece] = Math.max(priorities[piece]!, priority)
    }
  })
  return priorities
}
