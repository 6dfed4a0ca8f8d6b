import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBencode, type BencodeInput } from '../src/codec/bencode-encode.ts'
import { parseTorrent, readInfo, readTorrent } from '../src/codec/metainfo.ts'
import { TorrentError, type TorrentFault } from '../src/errors.ts'
import { limits } from '../src/limits.ts'
import {
  accepted,
  binary,
  goodInfo,
  infoOf,
  kib,
  noiseTorrent,
  refusal,
  torrentOf
} from './support/torrents.ts'

const pieces = (count: number) => new Uint8Array(count * 20)
const file = (length: BencodeInput, more = {}) => ({ length, path: ['a'], ...more })
const folder = (files: BencodeInput, count = 1) => {
  const { length: _, ...info } = goodInfo
  return { ...info, files, pieces: pieces(count) }
}

/** Broken info dictionaries, each with what is wrong about it. */
const broken: readonly (readonly [string, TorrentFault, BencodeInput])[] = [
  ['an info that is a list', 'field-type', []],
  ['an info that is a number', 'field-type', 1],
  ['an empty info', 'field-missing', {}],
  ['no name', 'field-missing', { ...goodInfo, name: undefined }],
  ['a name that is a number', 'field-type', { ...goodInfo, name: 1 }],
  ['a name that is a list', 'field-type', { ...goodInfo, name: ['a'] }],
  ['neither length nor files', 'field-missing', { ...goodInfo, length: undefined }],
  ['both length and files', 'field-type', { ...goodInfo, files: [file(1)] }],
  ['a length that is text', 'field-type', { ...goodInfo, length: '40960' }],
  ['a negative length', 'length', { ...goodInfo, length: -1 }],
  ['no bytes', 'empty', { ...goodInfo, length: 0, pieces: pieces(0) }],
  ['no bytes, one hash', 'empty', { ...goodInfo, length: 0, pieces: pieces(1) }],
  ['no piece length', 'field-missing', { ...goodInfo, 'piece length': undefined }],
  ['a piece length that is text', 'field-type', { ...goodInfo, 'piece length': '16384' }],
  ['a piece length of zero', 'piece-length', { ...goodInfo, 'piece length': 0 }],
  ['a negative piece length', 'piece-length', { ...goodInfo, 'piece length': -16_384 }],
  ['no pieces', 'field-missing', { ...goodInfo, pieces: undefined }],
  ['pieces that are a number', 'field-type', { ...goodInfo, pieces: 60 }],
  ['pieces that are a list', 'field-type', { ...goodInfo, pieces: [pieces(3)] }],
  ['a hash too few', 'piece-count', { ...goodInfo, pieces: pieces(2) }],
  ['a hash too many', 'piece-count', { ...goodInfo, pieces: pieces(4) }],
  ['half a hash', 'piece-count', { ...goodInfo, pieces: new Uint8Array(59) }],
  ['no hash', 'piece-count', { ...goodInfo, pieces: pieces(0) }],
  ['a length far beyond its pieces', 'piece-count', { ...goodInfo, length: 2 ** 53 - 1 }],
  ['files that are a dictionary', 'field-type', folder({ a: file(1) })],
  ['files that are a number', 'field-type', folder(1)],
  ['no files in files', 'empty', folder([], 0)],
  ['a file that is text', 'field-type', folder(['a'])],
  ['a file without length', 'field-missing', folder([{ path: ['a'] }])],
  ['a file with length as text', 'field-type', folder([file('1')])],
  ['a file with negative length', 'length', folder([file(100), file(-1, { path: ['b'] })])],
  ['a file without path', 'field-missing', folder([{ length: 1 }])],
  ['a path that is text', 'field-type', folder([file(1, { path: 'a' })])],
  ['a path of numbers', 'field-type', folder([file(1, { path: [1] })])],
  ['a path of lists', 'field-type', folder([file(1, { path: [['a']] })])],
  ['attributes that are a number', 'field-type', folder([file(1, { attr: 1 })])],
  ['files without any bytes', 'empty', folder([file(0)], 0)],
  [
    'files that add up beyond what can be counted',
    'length',
    folder([file(2 ** 53 - 1), file(2 ** 53 - 1, { path: ['b'] })])
  ],
  ['a version to come', 'version', { 'meta version': 3 }],
  ['half a hybrid', 'field-missing', { ...goodInfo, 'meta version': 2 }]
]

describe('a broken info dictionary is refused, in a .torrent and from a peer alike', () => {
  test.each(broken)('%s: %s', (_, fault, info) => {
    expect(refusal(readTorrent(torrentOf(info)))).toMatchObject({ name: 'TorrentError', fault })
    expect(refusal(readInfo(encodeBencode(info)))).toMatchObject({ name: 'TorrentError', fault })
  })
})

describe('a broken .torrent file is refused', () => {
  const good = torrentOf(goodInfo)
  test.each<[string, TorrentFault, Uint8Array]>([
    ['nothing', 'bencode', new Uint8Array()],
    ['a web page', 'bencode', binary('<!doctype html><title>Not found</title>')],
    ['a number', 'info-missing', encodeBencode(1)],
    ['a list', 'info-missing', encodeBencode([{ info: goodInfo }])],
    ['no info', 'info-missing', encodeBencode({ announce: 'http://tracker.example/' })],
    ['info as text', 'field-type', encodeBencode({ info: 'sample' })],
    ['a byte after it', 'bencode', new Uint8Array([...good, 0x65])],
    ['a newline after it', 'bencode', new Uint8Array([...good, 0x0a])],
    ['its last byte missing', 'bencode', good.subarray(0, -1)],
    ['its first half only', 'bencode', good.subarray(0, good.length / 2)],
    ['info twice', 'bencode', binary('d4:infod1:ai1ee4:infod1:bi1eee')],
    ['keys out of order', 'bencode', binary('d4:infod1:bi1e1:ai1eee')],
    ['a length past its end', 'bencode', binary('d4:infod4:name99:xee')],
    ['a leading zero', 'bencode', binary('d4:infod6:lengthi007eee')],
    ['minus zero', 'bencode', binary('d4:infod6:lengthi-0eee')],
    ['an integer beyond 2^53', 'bencode', binary('d4:infod6:lengthi9007199254740993eee')],
    ['nesting without end', 'bencode', binary(`d4:info${'l'.repeat(100_000)}`)],
    ['a million values', 'bencode', binary(`d4:infol${'le'.repeat(1_000_000)}ee`)]
  ])('%s: %s', (_, fault, bytes) => {
    expect(refusal(readTorrent(bytes)).fault).toBe(fault)
  })

  test('parsing throws what reading returns', () => {
    expect(() => parseTorrent(binary('d4:infoi1ee'))).toThrow(TorrentError)
    expect(parseTorrent(good).name).toBe('sample.bin')
  })
})

describe('bounds', () => {
  test('metadata is as large as the limit, and no larger', () => {
    const around = encodeBencode({ comment: '', info: goodInfo }).length + 7
    const sized = (size: number) =>
      encodeBencode({ comment: 'x'.repeat(size - around), info: goodInfo })
    const { size } = limits.metainfo
    expect(sized(size)).toHaveLength(size)
    accepted(readTorrent(sized(size)))
    expect(refusal(readTorrent(sized(size + 1))).fault).toBe('size')
    expect(refusal(readInfo(new Uint8Array(size + 1))).fault).toBe('size')
  })

  test.each([
    [limits.metainfo.smallestPiece, limits.metainfo.smallestPiece - 1],
    [limits.metainfo.largestPiece, limits.metainfo.largestPiece + 1]
  ])('pieces of %i bytes are taken, of %i are not', (within, beyond) => {
    const sized = (length: number) => ({
      ...goodInfo,
      length,
      'piece length': length,
      pieces: pieces(1)
    })
    accepted(readTorrent(torrentOf(sized(within))))
    expect(refusal(readTorrent(torrentOf(sized(beyond)))).fault).toBe('piece-length')
  })

  test('more pieces than the limit are refused by their number, hashes or not', () => {
    const length = (limits.metainfo.pieces + 1) * 16 * kib
    expect(refusal(readTorrent(torrentOf({ ...goodInfo, length }))).message).toMatch(
      /takes 1048576/
    )
  })

  test('tracker addresses are kept up to the limit', () => {
    const { trackers, trackerUrl } = limits.metainfo
    const url = (n: number) => `http://tracker.example/${n}`
    const list = (count: number) => Array.from({ length: count }, (_, n) => [url(n)])
    const kept = (tiers: BencodeInput) =>
      accepted(readTorrent(encodeBencode({ 'announce-list': tiers, info: goodInfo }))).trackers
    expect(kept(list(trackers))).toHaveLength(trackers)
    expect(kept(list(trackers + 1))).toHaveLength(trackers)
    expect(kept([list(trackers + 1).flat()])[0]).toHaveLength(trackers)
    const long = url(1).padEnd(trackerUrl, 'x')
    expect(kept([[long, `${long}x`]])).toEqual([[long]])
  })
})

describe('what is read', () => {
  test('one file', () => {
    const torrent = accepted(readTorrent(torrentOf(goodInfo)))
    expect(torrent).toMatchObject({
      id: 'btih:9a50c5b23f9eccb0d8e1cdbdb13c3fc5f6a62846',
      name: 'sample.bin',
      length: 40 * kib,
      pieceLength: 16 * kib,
      pieceCount: 3,
      private: false,
      trackers: [],
      files: [{ path: ['sample.bin'], length: 40 * kib, offset: 0, pad: false }]
    })
    expect(torrent.infoHash).toHaveLength(20)
    expect(torrent.info).toEqual(encodeBencode(goodInfo))
  })

  test('several files, below the name of the torrent', async () => {
    const { torrent } = await noiseTorrent({ 'a.txt': 5, 'b/empty': 0, 'b/c.bin': 20 * kib })
    expect(torrent.files).toEqual([
      { path: ['sample', 'a.txt'], length: 5, offset: 0, pad: false },
      { path: ['sample', 'b', 'empty'], length: 0, offset: 5, pad: false },
      { path: ['sample', 'b', 'c.bin'], length: 20 * kib, offset: 5, pad: false }
    ])
  })

  test('sizes and hashes of pieces; there are no others', async () => {
    const { torrent, data } = await noiseTorrent({ a: 40 * kib })
    expect([0, 1, 2].map((index) => torrent.pieceSize(index))).toEqual([
      16 * kib,
      16 * kib,
      8 * kib
    ])
    const last = await crypto.subtle.digest('SHA-1', data.slice(32 * kib))
    expect(torrent.pieceHash(2)).toEqual(new Uint8Array(last))
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(() => torrent.pieceHash(index)).toThrow(RangeError)
      expect(() => torrent.pieceSize(index)).toThrow('there is no piece')
    }
  })

  test('the info-hash is of the bytes as they are, unknown fields and all', async () => {
    const info = { ...goodInfo, 'x-unknown': { b: [1], a: new Uint8Array([0, 255]) } }
    const raw = encodeBencode(info)
    const digest = new Uint8Array(
      await crypto.subtle.digest('SHA-1', raw as Uint8Array<ArrayBuffer>)
    )
    expect(accepted(readTorrent(torrentOf(info))).infoHash).toEqual(digest)
    expect(accepted(readInfo(raw)).infoHash).toEqual(digest)
  })

  test('a torrent does not change when its buffer is used again', () => {
    const bytes = torrentOf({ ...goodInfo, pieces: pieces(3).fill(7) })
    const torrent = accepted(readTorrent(bytes))
    const before = torrent.info.slice()
    bytes.fill(0)
    expect(torrent.info).toEqual(before)
    expect(torrent.pieceHash(0)).toEqual(new Uint8Array(20).fill(7))
  })

  test('private, and trackers in tiers', () => {
    const read = (fields: Record<string, BencodeInput>) =>
      accepted(readTorrent(encodeBencode({ ...fields, info: { ...goodInfo, private: 1 } })))
    expect(read({}).private).toBe(true)
    const a = 'http://a.example/announce'
    const b = 'udp://b.example:6969'
    expect(read({ announce: a }).trackers).toEqual([[a]])
    expect(read({ announce: a, 'announce-list': [[b], [a]] }).trackers).toEqual([[b], [a]])
  })

  test('broken trackers are left out and the torrent is still good', () => {
    const tiers = [
      1,
      [],
      ['ftp://x', 2, 'javascript:x', 'udp://ok.example:1'],
      ['http://a\u001b[0m']
    ]
    const bytes = encodeBencode({ announce: 5, 'announce-list': tiers, info: goodInfo })
    expect(accepted(readTorrent(bytes)).trackers).toEqual([['udp://ok.example:1']])
    const none = encodeBencode({ announce: 5, 'announce-list': 'x', info: goodInfo })
    expect(accepted(readTorrent(none)).trackers).toEqual([])
  })

  test('the UTF-8 spelling of a name goes before the local one', () => {
    const latin = binary('caf\xe9')
    const torrent = accepted(
      readTorrent(torrentOf({ ...goodInfo, name: latin, 'name.utf-8': 'café' }))
    )
    expect(torrent.name).toBe('café')
  })
})

test('any change of one byte gives a torrent or an error, and never throws', () => {
  const whole = torrentOf(infoOf([['a'], ['b', 'c'], ['b', 'd']]))
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, end) => {
      const bytes = whole.slice(0, end > 20 ? whole.length : end)
      bytes[at] = byte
      const read = readTorrent(bytes)
      expect(read instanceof TorrentError || read.pieceCount === 1).toBe(true)
    }),
    { numRuns: 2_000 }
  )
})
