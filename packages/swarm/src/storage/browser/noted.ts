import type { AbortOptions } from '@libp2p/interface'
import type { Torrent } from '../../codec/metainfo.ts'
import { Bitfield } from '../../core/bitfield.ts'
import { believed } from '../spot-check.ts'
import type { CheckPiece } from '../storage.ts'

/** Notes of another shape are none. */
export function readNoted(bytes: Uint8Array | undefined, { pieceCount }: Torrent): Bitfield {
  const noted = bytes && Bitfield.read(bytes, pieceCount)
  return noted instanceof Bitfield ? noted : new Bitfield(pieceCount)
}

/** Takes out of the notes what is not to be believed. @returns the rest, as it goes on the wire */
export async function keepBelieved(
  torrent: Torrent,
  have: Bitfield,
  check: CheckPiece,
  options: AbortOptions
): Promise<Uint8Array> {
  const noted = [...have]
  const good = await believed({ torrent, check, ...options }, noted)
  for (const piece of noted) if (!good.has(piece)) have.delete(piece)
  return good.toBytes()
}
