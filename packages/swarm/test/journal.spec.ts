import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  crc32,
  decodeJournal,
  encodeHeader,
  encodeRecord,
  headerSize,
  recordSize,
  type JournalRecord
} from '../src/codec/journal.ts'
import { toHex } from '../src/codec/text.ts'
import { noise } from '@peerage/testbed'
import { binary } from './support/torrents.ts'

const torrent = { infoHash: noise(20), pieceCount: 100 }

function journal(records: readonly JournalRecord[], infoHash = torrent.infoHash): Uint8Array {
  const bytes = new Uint8Array(headerSize + records.length * recordSize)
  bytes.set(encodeHeader(infoHash))
  for (const [place, record] of records.entries()) {
    bytes.set(encodeRecord(infoHash, place, record), headerSize + place * recordSize)
  }
  return bytes
}

const piece = (value: number): JournalRecord => ({ kind: 'piece', value })
const synced = (value: number): JournalRecord => ({ kind: 'synced', value })
const closed = (value: number): JournalRecord => ({ kind: 'closed', value })

test('pieces before a mark are synced, those after it are not', () => {
  const bytes = journal([piece(3), piece(9), synced(2), piece(5)])
  expect(decodeJournal(bytes, torrent)).toEqual({ synced: [3, 9], unsynced: [5], stamp: undefined })
})

test('a mark covers as many pieces as it says, not all before it', () => {
  const bytes = journal([piece(3), piece(9), synced(1)])
  expect(decodeJournal(bytes, torrent)).toMatchObject({ synced: [3], unsynced: [9] })
})

test('a stamp counts only as the last record', () => {
  expect(decodeJournal(journal([piece(1), synced(1), closed(7)]), torrent)?.stamp).toBe(7)
  expect(decodeJournal(journal([closed(7), piece(1)]), torrent)?.stamp).toBeUndefined()
})

test('another torrent’s journal, or none at all, is no journal', () => {
  const other = journal([piece(1)], noise(20, 9))
  for (const bytes of [other, new Uint8Array(), encodeHeader(torrent.infoHash).subarray(1)]) {
    expect(decodeJournal(bytes, torrent)).toBeUndefined()
  }
})

describe('reading stops where something is wrong', () => {
  const records = [piece(1), piece(2), synced(2), piece(3)]
  const whole = journal(records)

  test('at every length of a torn tail', () => {
    for (let length = headerSize; length <= whole.length; length++) {
      const read = decodeJournal(whole.subarray(0, length), torrent)!
      const complete = records.slice(0, Math.floor((length - headerSize) / recordSize))
      expect(read).toEqual(decodeJournal(journal(complete), torrent))
    }
  })

  test('at every flipped bit', () => {
    for (let bit = headerSize * 8; bit < whole.length * 8; bit++) {
      const bytes = whole.slice()
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const before = Math.floor(((bit >> 3) - headerSize) / recordSize)
      expect(decodeJournal(bytes, torrent)).toEqual(
        decodeJournal(journal(records.slice(0, before)), torrent)
      )
    }
  })

  test('at a record from another place, or from another torrent', () => {
    const moved = whole.slice()
    moved.copyWithin(headerSize + recordSize, headerSize, headerSize + recordSize)
    expect(decodeJournal(moved, torrent)).toMatchObject({ unsynced: [1] })
    const foreign = whole.slice()
    foreign.set(encodeRecord(noise(20, 9), 1, piece(2)), headerSize + recordSize)
    expect(decodeJournal(foreign, torrent)).toMatchObject({ unsynced: [1] })
  })

  test('at a piece the torrent does not have, and at a mark that covers too much', () => {
    expect(decodeJournal(journal([piece(99), piece(100), piece(1)]), torrent)).toMatchObject({
      unsynced: [99]
    })
    expect(decodeJournal(journal([piece(1), synced(2), piece(3)]), torrent)).toMatchObject({
      synced: [],
      unsynced: [1]
    })
  })
})

test('any bytes after a good header are read without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (tail) => {
      const bytes = new Uint8Array([...encodeHeader(torrent.infoHash), ...tail])
      expect(decodeJournal(bytes, torrent)).toEqual({ synced: [], unsynced: [], stamp: undefined })
    })
  )
})

// journals outlive the program that wrote them
test('the format is the one that was shipped', () => {
  const infoHash = binary('aaaaaaaaaaaaaaaaaaaa')
  const bytes = journal([piece(5), synced(1), closed(0xdeadbeef)], infoHash)
  expect([bytes.subarray(0, 32), bytes.subarray(32)].map(toHex)).toEqual([
    '50454552414745016161616161616161616161616161616161616161c21cae1e',
    '000000000000000537ed2fe100000001000000011a9bd60b00000002deadbeef4e69dcce'
  ])
})

test('the checksum is CRC-32', () => {
  expect(crc32(binary('123456789'))).toBe(0xcbf43926)
})
