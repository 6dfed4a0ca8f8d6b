import { encodeBencode } from '../../src/codec/bencode-encode.ts'
import type { TorrentFault } from '../../src/errors.ts'
import { limits } from '../../src/limits.ts'
import { bytes, goodTorrent, spoilt, type Exhibit, type Metainfo } from './spoilt.ts'

const info = (change: (torrent: Metainfo) => void) => spoilt(1, change)
const set = (field: string, value: Metainfo['info'][string]) =>
  info((torrent) => (torrent.info[field] = value))
const drop = (field: string) =>
  info((torrent) => {
    delete torrent.info[field]
  })
const length = (value: number) => info((torrent) => (torrent.file(0)['length'] = value))
const pieces = (change: (hashes: Uint8Array) => Uint8Array) =>
  info((torrent) => (torrent.info['pieces'] = change(bytes(torrent.info['pieces']))))
const { smallestPiece, largestPiece, size } = limits.metainfo

/** Version 1 torrents that are no torrents. */
export const version1Gallery: readonly Exhibit<TorrentFault>[] = [
  ['a number', 'info-missing', () => encodeBencode(1)],
  ['a list of a torrent', 'info-missing', () => encodeBencode([{ info: {} }])],
  ['no info dictionary', 'info-missing', () => encodeBencode({ announce: 'http://t.example/' })],
  ['an info dictionary that is text', 'field-type', () => encodeBencode({ info: 'x' })],
  ['an empty info dictionary', 'field-missing', () => encodeBencode({ info: {} })],
  ['more bytes than are read', 'size', () => new Uint8Array(size + 1)],
  ['no name', 'field-missing', drop('name')],
  ['a name that is a number', 'field-type', set('name', 7)],
  ['no piece length', 'field-missing', drop('piece length')],
  ['no piece hashes', 'field-missing', drop('pieces')],
  ['neither length nor files', 'field-missing', drop('files')],
  ['one file and many', 'field-type', set('length', 5)],
  ['files that are a dictionary', 'field-type', set('files', {})],
  [
    'attributes that are a number',
    'field-type',
    info(({ list }) => Object.assign(list[0]!, { attr: 1 }))
  ],
  ['no files', 'empty', set('files', [])],
  ['a file of negative length', 'length', length(-1)],
  ['files that add up beyond 2^53', 'length', length(Number.MAX_SAFE_INTEGER)],
  ['a file a terabyte longer than its hashes', 'piece-count', length(2 ** 40)],
  ['a file longer than pieces can be counted', 'piece-count', length(2 ** 52)],
  ['a hash too few', 'piece-count', pieces((hashes) => hashes.subarray(20))],
  [
    'a hash too many',
    'piece-count',
    pieces((hashes) => new Uint8Array([...hashes, ...hashes.subarray(20)]))
  ],
  ['half a hash', 'piece-count', pieces((hashes) => hashes.subarray(10))],
  ['hashes of no pieces', 'piece-count', pieces(() => new Uint8Array())],
  ['pieces of no bytes', 'piece-length', set('piece length', 0)],
  ['pieces of negative length', 'piece-length', set('piece length', -16_384)],
  ['pieces too small', 'piece-length', set('piece length', smallestPiece - 1)],
  ['pieces larger than memory should hold', 'piece-length', set('piece length', largestPiece + 1)],
  ['version 2 without its half', 'field-missing', set('meta version', 2)],
  ['a version to come', 'version', set('meta version', 3)],
  ['version 1 that says so', 'version', set('meta version', 1)],
  ['a version in words', 'field-type', set('meta version', goodTorrent(1).subarray(0, 1))]
]
