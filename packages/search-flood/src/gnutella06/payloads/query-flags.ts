/** What the two bytes once called "minimum speed" say of a querier. */
export interface QueryFlags {
  /** it takes no connections: who takes none either need not answer */
  readonly firewalled: boolean
  /** it would like XML metadata */
  readonly xml: boolean
  /** its leaf guidance may be asked for while the query goes on */
  readonly leafGuided: boolean
  /** hits may come by UDP; then the GUID carries its address */
  readonly outOfBand: boolean
  /** the other bits as they are: 11 and 9 to 0 */
  readonly rest: number
}

const flag = {
  flags: 0x8000,
  firewalled: 0x4000,
  xml: 0x2000,
  leafGuided: 0x1000,
  outOfBand: 0x400
}
const restMask = 0x0bff

/** Unlike other numbers they are big-endian: bit 15, which says that they are flags, comes first. */
export function encodeQueryFlags(flags: QueryFlags): Uint8Array {
  const bits =
    flag.flags |
    (flags.firewalled ? flag.firewalled : 0) |
    (flags.xml ? flag.xml : 0) |
    (flags.leafGuided ? flag.leafGuided : 0) |
    (flags.outOfBand ? flag.outOfBand : 0) |
    (flags.rest & restMask)
  return Uint8Array.of(bits >>> 8, bits)
}

/** @returns undefined where the two bytes are a minimum speed, as in version 0.4 */
export function decodeQueryFlags(first: number, second: number): QueryFlags | undefined {
  const bits = (first << 8) | second
  if ((bits & flag.flags) === 0) return undefined
  return {
    firewalled: (bits & flag.firewalled) !== 0,
    xml: (bits & flag.xml) !== 0,
    leafGuided: (bits & flag.leafGuided) !== 0,
    outOfBand: (bits & flag.outOfBand) !== 0,
    rest: bits & restMask
  }
}
