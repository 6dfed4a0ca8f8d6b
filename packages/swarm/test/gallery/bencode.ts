import type { BencodeFault } from '../../src/errors.ts'
import { binary } from '../support/torrents.ts'
import { goodTorrent, type Exhibit } from './spoilt.ts'

const raw = (info: string) => () => binary(`d4:info${info}e`)

/** Bytes that are not canonical bencode. */
export const bencodeGallery: readonly Exhibit<BencodeFault>[] = [
  ['nothing at all', 'cut-short', () => new Uint8Array()],
  ['a last byte that is missing', 'cut-short', () => goodTorrent(1).subarray(0, -1)],
  ['a key without a value', 'cut-short', raw('d1:ai1e1:be')],
  ['a download that broke off inside a string', 'length', () => goodTorrent(2).subarray(0, 400)],
  ['a web page', 'unknown', () => binary('<!doctype html>')],
  ['a string of negative length', 'unknown', raw('d4:name-3:abce')],
  ['a newline after the end', 'trailing', () => new Uint8Array([...goodTorrent(1), 0x0a])],
  ['a second torrent after the end', 'trailing', () => binary('d4:infodeed4:infodee')],
  ['keys out of order', 'key-order', raw('d4:name1:a6:lengthi1ee')],
  ['a key that is there twice', 'key-order', raw('d6:lengthi1e6:lengthi2ee')],
  ['info twice', 'key-order', () => binary('d4:infode4:infodee')],
  ['a file twice in the file tree', 'key-order', raw('d9:file treed1:ade1:adeee')],
  ['files out of order in the file tree', 'key-order', raw('d9:file treed1:bde1:adeee')],
  [
    'the same piece layer twice',
    'key-order',
    () => binary('d4:infode12:piece layersd1:a0:1:a0:ee')
  ],
  ['a key that is a number', 'key-type', raw('di1ei1ee')],
  ['a key that is a list', 'key-type', raw('dlei1ee')],
  ['an integer with a leading zero', 'integer', raw('d6:lengthi01ee')],
  ['minus zero', 'integer', raw('d6:lengthi-0ee')],
  ['a negative number with a leading zero', 'integer', raw('d6:lengthi-01ee')],
  ['an integer without digits', 'integer', raw('d6:lengthiee')],
  ['a minus without digits', 'integer', raw('d6:lengthi-ee')],
  ['a plus', 'integer', raw('d6:lengthi+1ee')],
  ['a fraction', 'integer', raw('d6:lengthi1.5ee')],
  ['an integer beyond 2^53', 'integer', raw('d6:lengthi9007199254740992ee')],
  ['an integer of a thousand digits', 'integer', raw(`d6:lengthi${'9'.repeat(1000)}ee`)],
  ['a string length with a leading zero', 'integer', raw('d4:name02:abe')],
  ['a string length of thirty digits', 'integer', raw(`d4:name${'9'.repeat(30)}:abe`)],
  ['a string longer than the file', 'length', raw('d4:name99:abe')],
  ['a string length without colon', 'length', raw('d4:name2abe')],
  ['lists without end', 'depth', raw('l'.repeat(100_000))],
  ['dictionaries without end', 'depth', raw('d1:a'.repeat(100_000))],
  ['a file tree without end', 'depth', raw(`d9:file tree${'d1:a'.repeat(100_000)}`)],
  ['a million lists', 'tokens', raw(`l${'le'.repeat(1_000_000)}e`)],
  ['a million empty strings', 'tokens', raw(`l${'0:'.repeat(1_000_000)}e`)],
  ['a million numbers', 'tokens', raw(`l${'i1e'.repeat(1_000_000)}e`)]
]
