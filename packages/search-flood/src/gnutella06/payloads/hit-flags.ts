/** What a holder says of itself; undefined where it does not say. */
export interface HitFlags {
  /** it takes no connections: send a push */
  readonly push?: boolean | undefined
  /** all its upload slots are taken */
  readonly busy?: boolean | undefined
  /** it has uploaded a file before */
  readonly uploaded?: boolean | undefined
  /** its speed is measured, not set by hand */
  readonly measured?: boolean | undefined
  /** the private data has a GGEP block */
  readonly ggep?: boolean | undefined
}

const bits = { busy: 0x04, uploaded: 0x08, measured: 0x10, ggep: 0x20 } as const
const push = 0x01

/** One byte says which flags are meant and one how they stand; `push` has the two in turned order. */
export function encodeHitFlags(flags: HitFlags): Uint8Array {
  let [meant, set] = [0, 0]
  for (const [name, bit] of Object.entries(bits)) {
    const value = flags[name as keyof typeof bits]
    if (value != null) meant |= bit
    if (value === true) set |= bit
  }
  if (flags.push != null) set |= push
  if (flags.push === true) meant |= push
  return Uint8Array.of(meant, set)
}

export function decodeHitFlags(meant: number, set: number): HitFlags {
  const flags: Record<string, boolean> = {}
  if ((set & push) !== 0) flags['push'] = (meant & push) !== 0
  for (const [name, bit] of Object.entries(bits)) {
    if ((meant & bit) !== 0) flags[name] = (set & bit) !== 0
  }
  return flags
}
