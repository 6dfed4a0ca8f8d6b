import type { MakeUploadPolicy } from '../../src/core/uploads/policies/policy.ts'

/** Leechers that are alike. */
export interface SimClass {
  name: string
  count: number
  /** bytes per second */
  up: number
  /** takes and gives nothing */
  rides?: boolean
  /** whom these serve @default as everybody */
  uploads?: MakeUploadPolicy
}

export interface Scenario {
  /** pieces of the file, all of one length */
  pieces: number
  /** bytes */
  pieceLength: number
  /** the only seed's line, in bytes per second */
  seedUp: number
  /** the seed goes after giving so many copies @default never */
  seedLeaves?: number
  /** all come at once, and go when they have everything */
  classes: readonly SimClass[]
  /** whom everybody serves @default titForTat() */
  uploads?: MakeUploadPolicy
  /**
   * bytes in a channel at which it is full, and ready again
   *
   * @default wire's marks, 128 and 32 KiB
   */
  marks?: { high: number; low: number }
  /** virtual seconds after which it is given up @default 20,000 */
  within?: number
}
