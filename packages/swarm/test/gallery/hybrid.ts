import type { TorrentFault } from '../../src/errors.ts'
import { bytes, spoilt, text, type Exhibit, type Metainfo } from './spoilt.ts'

// files as version 1 has them: a, padding, c, d/b, padding, d/e, padding, f
const hybrid = (change: (torrent: Metainfo) => void) => spoilt('hybrid', change)
const pieces = (torrent: Metainfo, count: number) => {
  const hashes = bytes(torrent.info['pieces'])
  torrent.info['pieces'] = new Uint8Array(hashes.length + count * 20)
}

/** Hybrids whose halves are of different torrents. */
export const hybridGallery: readonly Exhibit<TorrentFault>[] = [
  ['no file tree', 'field-missing', hybrid(({ info }) => delete info['file tree'])],
  ['no version 1 hashes', 'field-missing', hybrid(({ info }) => delete info['pieces'])],
  ['no version 1 files', 'field-missing', hybrid(({ info }) => delete info['files'])],
  ['a version 1 hash too few', 'piece-count', hybrid((torrent) => pieces(torrent, -1))],
  [
    'a file that only version 1 has',
    'hybrid-files',
    hybrid((torrent) => delete torrent.tree()['f'])
  ],
  ['a file that only version 2 has', 'hybrid-files', hybrid(({ list }) => list.pop())],
  [
    'a file with two names',
    'hybrid-files',
    hybrid((torrent) => (torrent.file(2)['path'] = [text('x')]))
  ],
  ['files in another order', 'hybrid-files', hybrid(({ list }) => list.reverse())],
  [
    'padding that only its name says',
    'hybrid-files',
    hybrid((torrent) => delete torrent.file(1)['attr'])
  ],
  [
    'a file that is padding for version 1',
    'hybrid-files',
    hybrid((torrent) => (torrent.file(2)['attr'] = text('p')))
  ],
  [
    'one file in version 1',
    'hybrid-files',
    hybrid((torrent) => {
      delete torrent.info['files']
      torrent.info['length'] = 7 * 16_384 + 16_384
      pieces(torrent, 0)
    })
  ],
  [
    'a file shorter in version 1',
    'hybrid-length',
    hybrid((torrent) => {
      torrent.file(0)['length'] = 4
      torrent.file(1)['length'] = 16_380
    })
  ],
  [
    'a file longer in version 2',
    'hybrid-length',
    hybrid((torrent) => (torrent.tree('a', '')['length'] = 6))
  ],
  ['no padding', 'hybrid-padding', hybrid(({ list }) => list.splice(1, 1))],
  [
    'padding too short',
    'hybrid-padding',
    hybrid((torrent) => (torrent.file(1)['length'] = 16_378))
  ],
  [
    'padding of a piece too much',
    'hybrid-padding',
    hybrid((torrent) => {
      torrent.file(1)['length'] = 2 * 16_384 - 5
      pieces(torrent, 1)
    })
  ],
  [
    'a piece of padding at the end',
    'hybrid-padding',
    hybrid((torrent) => {
      torrent.list.push({ attr: text('p'), length: 16_384, path: [text('.pad'), text('x')] })
      pieces(torrent, 1)
    })
  ],
  ['pieces of three blocks', 'piece-length', hybrid(({ info }) => (info['piece length'] = 49_152))],
  ['no piece layers', 'layer-missing', hybrid(({ all }) => delete all['piece layers'])],
  [
    'piece layers of another torrent',
    'layer-root',
    hybrid((torrent) => (torrent.layers[torrent.layerOf(4)] = new Uint8Array(128)))
  ],
  [
    'a root of zeros',
    'pieces-root',
    hybrid((torrent) => (torrent.tree('c', '')['pieces root'] = new Uint8Array(32)))
  ],
  ['a version to come', 'version', hybrid(({ info }) => (info['meta version'] = 3))]
]
