import type { AbortOptions } from '@libp2p/interface'
import { secureRandom } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import { Bitfield } from '../core/bitfield.ts'
import { limits } from '../limits.ts'
import type { CheckPiece } from './storage.ts'

/** How far the hashing of an earlier run's pieces is. */
export interface CheckProgress {
  readonly checked: number
  readonly total: number
}

export interface HashingInit extends AbortOptions {
  readonly torrent: Torrent
  readonly check: CheckPiece
  readonly onCheck?: ((progress: CheckProgress) => void) | undefined
}

/** The latest pieces, which a failing disk loses first, and some by chance. */
export function sampleOf(pieces: readonly number[], pieceLength: number): number[] {
  const { spotPieces, spotBytes } = limits.storage
  const size = Math.max(1, Math.min(spotPieces, Math.floor(spotBytes / pieceLength)))
  const sample = new Set(pieces.slice(-Math.ceil(size / 2)))
  const rest = pieces.slice(0, -sample.size)
  for (let draw = 0; draw < size && rest.length > 0 && sample.size < size; draw++) {
    sample.add(rest[secureRandom.below(rest.length)]!)
  }
  return [...sample]
}

/** Which of these have the right hashes. */
export async function hashed(init: HashingInit, pieces: readonly number[]): Promise<Bitfield> {
  const { torrent, check, onCheck, signal } = init
  const good = new Bitfield(torrent.pieceCount)
  for (const [index, piece] of pieces.entries()) {
    signal?.throwIfAborted()
    // whatever went wrong, the piece cannot be served
    if (await check(piece, signal && { signal }).catch(() => false)) good.add(piece)
    onCheck?.({ checked: index + 1, total: pieces.length })
  }
  signal?.throwIfAborted()
  return good
}

/** Pieces that were noted are believed if a sample of them is right; if not, all are hashed. */
export async function believed(init: HashingInit, noted: readonly number[]): Promise<Bitfield> {
  const sample = sampleOf(noted, init.torrent.pieceLength)
  const good = await hashed(init, sample)
  if (good.count < sample.length) return hashed(init, noted)
  for (const piece of noted) good.add(piece)
  return good
}
