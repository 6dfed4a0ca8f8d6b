/** Every bound of the Gnutella 0.6 codec, as data. Sizes in bytes. */
export const limits = {
  /** largest payload of each kind: the draft says 4 KiB where nothing more is known (§2.2.1) */
  payload: {
    ping: 4 * 1024,
    pong: 4 * 1024,
    bye: 4 * 1024,
    /** LimeWire fills 4 KiB; the largest table in 255 parts, as it is, takes twice that */
    routeTable: 16 * 1024,
    vendor: 4 * 1024,
    push: 4 * 1024,
    /** gtk-gnutella cuts a link at more */
    query: 1024,
    /** gtk-gnutella cuts a link at more */
    queryHit: 64 * 1024,
    /** a kind not spoken here: read over */
    unknown: 4 * 1024
  },
  extensions: {
    /** extension strings and GGEP blocks in one place */
    items: 32,
    /** extensions in one GGEP block */
    perBlock: 64,
    /** what the data of one GGEP extension may grow to */
    inflated: 64 * 1024,
    /** longest name of a GGEP extension; the format has no room for more */
    id: 15
  },
  headers: {
    /** one group of a handshake, its first line included, and the headers of a bye */
    bytes: 8 * 1024,
    /** lines of a group that carry a header */
    lines: 64,
    /** other hosts taken from one header */
    hosts: 64
  },
  routeTable: {
    /** smallest and largest table; gtk-gnutella has 2^14 to 2^21 slots, the specification's examples 8 */
    minSlots: 8,
    maxSlots: 2 ** 21,
    /** slots of a table that does not say so */
    slots: 2 ** 16,
    /** the distance that means "nowhere", of a table that does not say so: LimeWire's */
    infinity: 7,
    /** nearest and farthest "nowhere": below there is none, above a difference is over eight bits */
    minInfinity: 2,
    maxInfinity: 128,
    /** messages of one update: their number is one byte */
    patches: 255,
    /** data of a patch we send, so that it holds up no query for long (QRP 1.0) */
    patchData: 1024,
    /** what compression may add to an update that does not compress */
    overhead: 1024,
    /** shortest word that counts, in letters */
    minWord: 3,
    /** trailing letters a word is also filed without */
    shortenedBy: 3
  }
} as const
