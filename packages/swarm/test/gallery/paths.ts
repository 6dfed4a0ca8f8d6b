import { binaryString } from '../../src/codec/bytes.ts'
import type { PathFault } from '../../src/errors.ts'
import { spoilt, text, type Exhibit } from './spoilt.ts'
import { binary } from '../support/torrents.ts'

/** What is wrong with the path of a file. */
const paths: readonly (readonly [string, PathFault, readonly (string | Uint8Array)[]])[] = [
  ['the folder above', 'path-dots', ['..', 'x']],
  ['the folder itself', 'path-dots', ['.']],
  ['the root', 'path-absolute', ['/etc/passwd']],
  ['a drive', 'path-absolute', ['C:', 'x']],
  ['another machine', 'path-absolute', ['\\\\server\\share']],
  ['a slash inside', 'path-separator', ['x/../../y']],
  ['a backslash inside', 'path-separator', ['x\\..\\y']],
  ['no name', 'path-empty', ['', 'x']],
  ['a zero byte', 'path-control', ['x\u0000.txt']],
  ['a terminal command', 'path-control', ['x\u001b[2J']],
  ['an extension read backwards', 'path-control', ['x\u202etxt.exe']],
  ['a device', 'path-reserved', ['con.txt']],
  ['a device with a superscript', 'path-reserved', ['COM¹']],
  ['a dot at the end', 'path-trailing', ['x.']],
  ['a space at the end', 'path-trailing', ['x ']],
  ['a name too long', 'path-long', ['x'.repeat(256)]],
  ['half a character', 'path-utf8', [binary('x\xc3')]],
  ['an overlong slash', 'path-utf8', [binary('..\xc0\xaf')]],
  ['half a surrogate pair', 'path-utf8', [binary('x\xed\xa0\x80')]],
  ['another file in capitals', 'path-twin', ['A']],
  ['another file with something unseen', 'path-twin', ['a\u200c']],
  ['a folder that is a file', 'path-clash', ['a', 'x']],
  ['a file that is a folder', 'path-clash', ['D']]
]

const asBytes = (part: string | Uint8Array) => (typeof part === 'string' ? text(part) : part)

/** File `c` under another path. */
const inVersion1 = (path: readonly (string | Uint8Array)[]) =>
  spoilt(1, (torrent) => {
    torrent.file(1)['path'] = path.map(asBytes)
  })

const inVersion2 = (path: readonly (string | Uint8Array)[]) =>
  spoilt(2, (torrent) => {
    let folder = torrent.tree()
    for (const part of path.slice(0, -1)) {
      const inner: typeof folder = {}
      folder[binaryString(asBytes(part))] = inner
      folder = inner
    }
    folder[binaryString(asBytes(path.at(-1)!))] = torrent.tree('c')
    delete torrent.tree()['c']
  })

/** What a file tree says in other ways, or cannot say. */
const only1 = new Set(['no name', 'a folder that is a file'])

/** Names of files that are not safe on every system, in both versions. */
export const pathGallery: readonly Exhibit<PathFault>[] = [
  ...paths.map(([what, fault, path]) => [`version 1: ${what}`, fault, inVersion1(path)] as const),
  ...paths
    .filter(([what]) => !only1.has(what))
    .map(([what, fault, path]) => [`version 2: ${what}`, fault, inVersion2(path)] as const),
  ['version 1: no path', 'path-empty', inVersion1([])],
  ['version 1: folders too many', 'path-deep', inVersion1(Array.from({ length: 32 }, () => 'x'))],
  [
    'version 1: the name of the torrent',
    'path-dots',
    spoilt(1, ({ info }) => (info['name'] = text('..')))
  ],
  [
    'version 2: the name of the torrent',
    'path-dots',
    spoilt(2, ({ info }) => (info['name'] = text('..')))
  ],
  [
    'version 1: a symbolic link',
    'path-symlink',
    spoilt(1, (torrent) => (torrent.file(0)['attr'] = text('l')))
  ],
  [
    'version 1: the target of a link',
    'path-symlink',
    spoilt(1, (torrent) => (torrent.file(0)['symlink path'] = [text('etc')]))
  ],
  [
    'version 2: a symbolic link',
    'path-symlink',
    spoilt(2, (torrent) => (torrent.tree('a', '')['attr'] = text('xl')))
  ],
  ['version 1: the same file twice', 'path-twin', inVersion1(['a'])]
]
