/**
 * The resume journal's bytes: a header, then records of one size, each with a checksum that covers
 * the torrent and the record's place in the file. Reading stops at the first record that is torn,
 * moved or another torrent's; what comes before it stands.
 *
 * header  `PEERAGE` 1 · info-hash 20 · checksum 4
 * record  kind 4 · value 4 · checksum 4            (big-endian)
 */
export type JournalRecord =
  /** this piece was verified and written, and may be lost with the power */
  | { readonly kind: 'piece'; readonly value: number }
  /** the first `value` piece records are safe on the disk */
  | { readonly kind: 'synced'; readonly value: number }
  /** closed in good order; `value` is the stamp of the files as they were left */
  | { readonly kind: 'closed'; readonly value: number }

/** What a journal remembers. */
export interface JournalState {
  /** pieces whose data was on the disk, in the order in which they came */
  readonly synced: readonly number[]
  /** pieces that were written later than the last sync */
  readonly unsynced: readonly number[]
  /** set when the last record says that it was closed */
  readonly stamp: number | undefined
}

export const headerSize = 32
export const recordSize = 12

const magic = Uint8Array.from([0x50, 0x45, 0x45, 0x52, 0x41, 0x47, 0x45, 1])
const kinds = ['piece', 'synced', 'closed'] as const

/** The first bytes of a torrent's journal. */
export function encodeHeader(infoHash: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerSize)
  bytes.set(magic)
  bytes.set(infoHash, magic.length)
  viewOf(bytes).setUint32(28, crc32(bytes.subarray(0, 28)))
  return bytes
}

/** @param place number of records before this one */
export function encodeRecord(
  infoHash: Uint8Array,
  place: number,
  { kind, value }: JournalRecord
): Uint8Array {
  const bytes = new Uint8Array(recordSize)
  const view = viewOf(bytes)
  view.setUint32(0, kinds.indexOf(kind))
  view.setUint32(4, value)
  view.setUint32(8, checksum(infoHash, place, bytes))
  return bytes
}

/** Undefined when this is no journal of this torrent. Never throws. */
export function decodeJournal(
  bytes: Uint8Array,
  torrent: { readonly infoHash: Uint8Array; readonly pieceCount: number }
): JournalState | undefined {
  const header = encodeHeader(torrent.infoHash)
  if (header.some((byte, at) => bytes[at] !== byte)) return undefined
  const pieces: number[] = []
  let safe = 0
  let stamp: number | undefined
  for (const { kind, value } of records(bytes, torrent.infoHash)) {
    stamp = kind === 'closed' ? value : undefined
    if (kind === 'piece' && value < torrent.pieceCount) pieces.push(value)
    else if (kind === 'synced' && value >= safe && value <= pieces.length) safe = value
    else if (kind !== 'closed') break
  }
  return { synced: pieces.slice(0, safe), unsynced: pieces.slice(safe), stamp }
}

function* records(bytes: Uint8Array, infoHash: Uint8Array): Generator<JournalRecord> {
  for (let place = 0; ; place++) {
    const at = headerSize + place * recordSize
    const record = bytes.subarray(at, at + recordSize)
    if (record.length < recordSize) return
    const view = viewOf(record)
    const kind = kinds[view.getUint32(0)]
    if (kind === undefined || view.getUint32(8) !== checksum(infoHash, place, record)) return
    yield { kind, value: view.getUint32(4) }
  }
}

function checksum(infoHash: Uint8Array, place: number, record: Uint8Array): number {
  const covered = new Uint8Array(32)
  covered.set(infoHash)
  viewOf(covered).setUint32(20, place)
  covered.set(record.subarray(0, 8), 24)
  return crc32(covered)
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 as in zip files: against accidents, not against people. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = table[(value ^ byte) & 0xff]! ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
