import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBencode } from '../src/codec/bencode-encode.ts'
import { readInfo, readTorrent } from '../src/codec/metainfo.ts'
import { readPaths } from '../src/codec/paths.ts'
import { TorrentError, type TorrentFault } from '../src/errors.ts'
import { limits } from '../src/limits.ts'
import { accepted, goodInfo, infoOf, refusal, torrentOf } from './support/torrents.ts'

const e = '\u00e9'

/** A name by itself, and why it is refused. */
const hostile: readonly (readonly [string, TorrentFault])[] = [
  ['', 'path-empty'],
  ['.', 'path-dots'],
  ['..', 'path-dots'],
  ['../../etc/passwd', 'path-separator'],
  ['a/b', 'path-separator'],
  ['a\\b', 'path-separator'],
  ['..\\..\\x', 'path-separator'],
  ['trailing/', 'path-separator'],
  ['/etc/passwd', 'path-absolute'],
  ['\\\\server\\share', 'path-absolute'],
  ['\\windows', 'path-absolute'],
  ['C:', 'path-absolute'],
  ['C:\\windows\\x', 'path-absolute'],
  ['c:x', 'path-absolute'],
  ['a\u0000b', 'path-control'],
  ['a\nb', 'path-control'],
  ['a\u001b[31mb', 'path-control'],
  ['a\u007fb', 'path-control'],
  ['a\u009bb', 'path-control'],
  ['a\u2028b', 'path-control'],
  ['photo\u202egpj.exe', 'path-control'],
  ['photo\u2067gpj.exe', 'path-control'],
  ['con', 'path-reserved'],
  ['CON', 'path-reserved'],
  ['Prn.txt', 'path-reserved'],
  ['aux.tar.gz', 'path-reserved'],
  ['nul', 'path-reserved'],
  ['nul .txt', 'path-reserved'],
  ['com0', 'path-reserved'],
  ['com1', 'path-reserved'],
  ['COM9.bin', 'path-reserved'],
  ['lpt1.txt', 'path-reserved'],
  ['com\u00b9', 'path-reserved'],
  ['LPT\u00b3.x', 'path-reserved'],
  ['CONIN$', 'path-reserved'],
  ['clock$.sys', 'path-reserved'],
  ['name.', 'path-trailing'],
  ['name ', 'path-trailing'],
  ['name. . ', 'path-trailing'],
  ['...', 'path-trailing'],
  [' ', 'path-trailing'],
  ['x'.repeat(256), 'path-long'],
  [e.repeat(128), 'path-long']
]

/** Every entrance a name has: file name, folder name, the torrent's own name; file and metadata. */
const entrances: readonly (readonly [string, (name: string) => TorrentError])[] = [
  ['a file', (name) => refusal(readTorrent(torrentOf(infoOf([['ok'], [name]]))))],
  ['a folder', (name) => refusal(readTorrent(torrentOf(infoOf([['in', name, 'ok']]))))],
  ['the only file', (name) => refusal(readTorrent(torrentOf({ ...goodInfo, name })))],
  ['the outer folder', (name) => refusal(readTorrent(torrentOf({ ...infoOf([['ok']]), name })))],
  ['a file of a magnet', (name) => refusal(readInfo(encodeBencode(infoOf([['ok'], [name]]))))],
  ['a magnet', (name) => refusal(readInfo(encodeBencode({ ...goodInfo, name })))],
  [
    'the other spelling of a file',
    (name) => {
      const file = { length: 1024, path: ['ok'], 'path.utf-8': [name] }
      return refusal(readTorrent(torrentOf({ ...infoOf([['ok']]), files: [file] })))
    }
  ],
  [
    'the other spelling of the name',
    (name) => refusal(readTorrent(torrentOf({ ...goodInfo, 'name.utf-8': name })))
  ]
]

describe.each(entrances)('a hostile name as %s', (_, enter) => {
  test.each(hostile)('%j is refused: %s', (name, expected) => {
    const error = enter(name)
    expect(error.fault).toBe(expected)
    expect(error.message).toMatch(/^unsafe file name: /)
    // oxlint-disable-next-line no-control-regex -- a message goes to a terminal
    expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(error.message.length).toBeLessThan(250)
  })
})

describe('names together', () => {
  test.each([
    ['the same twice', [['a'], ['a']]],
    ['case', [['Readme'], ['README']]],
    [
      'case in a folder',
      [
        ['Docs', 'a'],
        ['docs', 'A']
      ]
    ],
    ['composed and decomposed accents', [['caf\u00e9'], ['cafe\u0301']]],
    ['both', [['CAF\u00c9'], ['cafe\u0301']]],
    ['sharp s', [['stra\u00dfe'], ['STRASSE']]],
    ['final sigma', [['\u03c2'], ['\u03c3']]],
    ['ligature', [['\ufb01le'], ['FILE']]],
    ['a character nobody sees', [['name'], ['na\u200cme']]]
  ])('twins by %s are refused', (_, paths) => {
    expect(refusal(readTorrent(torrentOf(infoOf(paths)))).fault).toBe('path-twin')
  })

  test.each([
    ['file first', [['a'], ['a', 'b']]],
    ['folder first', [['a', 'b'], ['a']]],
    ['in other case', [['A', 'b'], ['a']]],
    [
      'deeper',
      [
        ['x', 'a', 'b', 'c'],
        ['x', 'a', 'b']
      ]
    ]
  ])('a file that is also a folder is refused, %s', (_, paths) => {
    expect(refusal(readTorrent(torrentOf(infoOf(paths)))).fault).toBe('path-clash')
  })

  test('bytes that are not UTF-8 are refused', () => {
    for (const bad of [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe0, 0x80, 0xaf]]) {
      const info = infoOf([[Uint8Array.from(bad)]])
      expect(refusal(readTorrent(torrentOf(info))).fault).toBe('path-utf8')
    }
  })

  test('a file without any name is refused', () => {
    expect(refusal(readTorrent(torrentOf(infoOf([[]])))).fault).toBe('path-empty')
  })

  test.each([
    ['attr', { attr: 'l' }],
    ['attr among others', { attr: 'xhl' }],
    ['a target', { 'symlink path': ['..', 'x'] }]
  ])('a symbolic link is refused, told by %s', (_, extra) => {
    const file = { length: 1024, path: ['link'], ...extra }
    const info = { ...infoOf([['x']]), files: [file] }
    expect(refusal(readTorrent(torrentOf(info))).fault).toBe('path-symlink')
    expect(refusal(readTorrent(torrentOf({ ...goodInfo, ...extra }))).fault).toBe('path-symlink')
  })

  test('a path has as many parts as the limit says, and no more', () => {
    const parts = (count: number) => Array.from({ length: count }, () => 'd')
    // the torrent's name is one of them
    const { pathParts } = limits.metainfo
    accepted(readTorrent(torrentOf(infoOf([parts(pathParts - 1)]))))
    const error = refusal(readTorrent(torrentOf(infoOf([parts(pathParts)]))))
    expect(error.fault).toBe('path-deep')
  })

  test('a part has as many bytes as the limit says, and no more', () => {
    const { pathPart } = limits.metainfo
    accepted(readTorrent(torrentOf(infoOf([['x'.repeat(pathPart)], [`${e.repeat(127)}x`]]))))
    expect(refusal(readTorrent(torrentOf(infoOf([['x'.repeat(pathPart + 1)]])))).fault).toBe(
      'path-long'
    )
  })
})

test('unusual and harmless names are taken', () => {
  const names = [
    '.hidden',
    '..two',
    'a..b',
    ' leading',
    'console',
    'com',
    'com10',
    'lpt',
    'nulls.txt',
    'what?',
    'Part 2: the end',
    '~',
    '%2e%2e',
    '-rf',
    '$HOME',
    '日本語',
    'שלום',
    '😀',
    '__proto__',
    'constructor',
    'x'.repeat(255)
  ]
  const torrent = accepted(readTorrent(torrentOf(infoOf(names.map((name) => [name])))))
  expect(torrent.files.map(({ path }) => path)).toEqual(names.map((name) => ['folder', name]))
})

test('padding may repeat its name, and files of one folder may share it in any case', () => {
  const pad = { length: 1024, path: ['.pad', '1024'], attr: 'p' }
  const info = { ...infoOf([['x']]), files: [pad, ...infoOf([['a'], ['A2']]).files, pad] }
  const torrent = accepted(readTorrent(torrentOf(info)))
  expect(torrent.files.map((file) => file.pad)).toEqual([true, false, false, true])
})

test('whatever is accepted stays below the folder on every system', () => {
  const piece = fc.constantFrom(
    'a',
    '.',
    '..',
    '/',
    '\\',
    ':',
    ' ',
    '\u0000',
    'con',
    'A',
    e,
    '\u200c'
  )
  const part = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(''))
  const paths = fc.array(fc.array(part, { maxLength: 4 }), { minLength: 1, maxLength: 4 })
  const utf8 = new TextEncoder()
  fc.assert(
    fc.property(paths, (input) => {
      const raw = input.map((parts) => ({ parts: parts.map((p) => utf8.encode(p)), pad: false }))
      const read = readPaths(raw)
      if (read instanceof TorrentError) return
      expect(read).toEqual(input)
      for (const path of read) {
        expect(path.length).toBeGreaterThan(0)
        for (const name of path) expect(name).toMatch(/^(?!\.{1,2}$)[^/\\]*[^/\\. ]$/)
        expect(new URL(path.map(encodeURIComponent).join('/'), 'file:///folder/').pathname).toMatch(
          /^\/folder\/./
        )
      }
      const folded = read.map((path) => path.join('/').toUpperCase())
      expect(new Set(folded).size).toBe(read.length)
    }),
    { numRuns: 2_000 }
  )
})
