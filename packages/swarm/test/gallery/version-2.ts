import type { TorrentFault } from '../../src/errors.ts'
import { bytes, spoilt, text, type Exhibit, type Metainfo } from './spoilt.ts'

const two = (change: (torrent: Metainfo) => void) => spoilt(2, change)
const root = (change: (root: Uint8Array) => Metainfo['info'][string]) =>
  two((torrent) => {
    const file = torrent.tree('d', 'b', '')
    file['pieces root'] = change(bytes(file['pieces root']))
  })
const pieceLength = (length: number) =>
  two(({ info }) => {
    info['piece length'] = length
  })
/** The hashes of the four pieces of `d/b`. */
const layer = (change: (layer: Uint8Array) => Metainfo['info'][string]) =>
  two((torrent) => {
    const key = torrent.layerOf(4)
    torrent.layers[key] = change(bytes(torrent.layers[key]))
  })
const flip = (hash: Uint8Array, at: number) => hash.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** Version 2 torrents whose trees do not stand. */
export const version2Gallery: readonly Exhibit<TorrentFault>[] = [
  ['no file tree', 'field-missing', two(({ info }) => delete info['file tree'])],
  [
    'a file tree without a version',
    'field-missing',
    two(({ info }) => delete info['meta version'])
  ],
  ['a file tree that is a list', 'field-type', two(({ info }) => (info['file tree'] = []))],
  ['a file that is text', 'field-type', two((torrent) => (torrent.tree()['a'] = text('x')))],
  ['no name', 'field-missing', two(({ info }) => delete info['name'])],
  ['no files', 'file-tree', two(({ info }) => (info['file tree'] = {}))],
  ['an empty folder', 'file-tree', two((torrent) => (torrent.tree()['a'] = {}))],
  ['a root that is a file', 'file-tree', two((torrent) => (torrent.tree()[''] = { length: 1 }))],
  [
    'a folder that is a file, too',
    'file-tree',
    two((torrent) => (torrent.tree('d')[''] = { length: 1 }))
  ],
  ['a file that is no dictionary', 'file-tree', two((torrent) => (torrent.tree('a')[''] = 5))],
  [
    'padding of its own',
    'file-tree',
    two((torrent) => (torrent.tree('a', '')['attr'] = text('p')))
  ],
  [
    'a file without length',
    'field-missing',
    two((torrent) => delete torrent.tree('a', '')['length'])
  ],
  [
    'a length in words',
    'field-type',
    two((torrent) => (torrent.tree('a', '')['length'] = text('5')))
  ],
  ['a file of negative length', 'length', two((torrent) => (torrent.tree('a', '')['length'] = -5))],
  [
    'a file of 2^53 bytes',
    'length',
    two((torrent) => (torrent.tree('a', '')['length'] = 2 ** 53 - 1))
  ],
  [
    'a file of 2^50 bytes',
    'piece-count',
    two((torrent) => (torrent.tree('a', '')['length'] = 2 ** 50))
  ],
  [
    'nothing but empty files',
    'empty',
    two(({ info }) => (info['file tree'] = { f: { '': { length: 0 } } }))
  ],
  ['no root', 'field-missing', two((torrent) => delete torrent.tree('d', 'b', '')['pieces root'])],
  ['a root that is a number', 'field-type', root(() => 0)],
  ['a root of SHA-1', 'pieces-root', root((hash) => hash.subarray(12))],
  ['a root of 33 bytes', 'pieces-root', root((hash) => new Uint8Array([...hash, 0]))],
  ['an empty root', 'pieces-root', root(() => new Uint8Array())],
  ['a root of zeros', 'pieces-root', root(() => new Uint8Array(32))],
  ['a root that no layer is for', 'layer-missing', root((hash) => flip(hash, 31))],
  [
    'the root of another file',
    'layer-size',
    two((torrent) => {
      torrent.tree('d', 'b', '')['pieces root'] = torrent.tree('d', 'e', '')['pieces root']!
    })
  ],
  ['pieces of three blocks', 'piece-length', pieceLength(49_152)],
  ['pieces of half a block', 'piece-length', pieceLength(8_192)],
  ['pieces of another length than the layers', 'layer-size', pieceLength(32_768)],
  ['no piece layers', 'layer-missing', two(({ all }) => delete all['piece layers'])],
  ['piece layers that are a list', 'field-type', two(({ all }) => (all['piece layers'] = []))],
  [
    'a piece layer that is missing',
    'layer-missing',
    two((torrent) => delete torrent.layers[torrent.layerOf(4)])
  ],
  ['a piece layer that is a number', 'field-type', layer(() => 4)],
  ['an empty piece layer', 'layer-size', layer(() => new Uint8Array())],
  ['a piece layer a hash too short', 'layer-size', layer((hashes) => hashes.subarray(32))],
  [
    'a piece layer a hash too long',
    'layer-size',
    layer((hashes) => new Uint8Array([...hashes, ...hashes.subarray(96)]))
  ],
  ['a piece layer of half a hash', 'layer-size', layer((hashes) => hashes.subarray(16))],
  ['a piece layer with one bit changed', 'layer-root', layer((hashes) => flip(hashes, 77))],
  [
    'a piece layer out of order',
    'layer-root',
    layer((hashes) => new Uint8Array([...hashes.subarray(32), ...hashes.subarray(0, 32)]))
  ],
  ['a piece layer of zeros', 'layer-root', layer(() => new Uint8Array(128))],
  [
    'a longer file with the same layer',
    'layer-size',
    two((torrent) => (torrent.tree('d', 'b', '')['length'] = 70_000))
  ]
]
