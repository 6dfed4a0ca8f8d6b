import type { Random } from '@peerage/wire'
import type { Bitfield } from '../bitfield.ts'

export interface PickerInit {
  pieceCount: number
  /** blocks of 16 KiB in a piece; the last may be shorter */
  blocksIn: (piece: number) => number
  random: Random
  /** pieces that are here; the picker adds to it @default none */
  have?: Bitfield
  /** told of a begun piece that begins anew, so that its bytes can go */
  forget?: (piece: number) => void
}

/** How to pick for a peer at a moment. */
export interface PickOptions {
  /** milliseconds, on the clock of the deadlines @default no deadline is near */
  now?: number
  /** owes us blocks and is silent: it is to have the commonest pieces @default false */
  snubbed?: boolean
  /**
   * may have sent a wrong block: it is to have pieces for itself, so that the next bad one names it
   * (libtorrent's parole) @default false
   */
  parole?: boolean
}
