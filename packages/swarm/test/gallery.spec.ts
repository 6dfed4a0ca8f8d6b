import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTorrent, readTorrent } from '../src/codec/metainfo.ts'
import { BencodeError, TorrentError } from '../src/errors.ts'
import { bencodeFaults, torrentFaults } from '../src/faults.ts'
import { bencodeGallery } from './gallery/bencode.ts'
import { hybridGallery } from './gallery/hybrid.ts'
import { pathGallery } from './gallery/paths.ts'
import { goodTorrent } from './gallery/spoilt.ts'
import { version1Gallery } from './gallery/version-1.ts'
import { version2Gallery } from './gallery/version-2.ts'
import { accepted, refusal } from './support/torrents.ts'

const galleries = {
  'version 1': version1Gallery,
  'version 2': version2Gallery,
  hybrids: hybridGallery,
  paths: pathGallery
}

test.each([1, 2, 'hybrid'] as const)('what version %s is spoilt from is good', (version) => {
  expect(accepted(readTorrent(goodTorrent(version))).version).toBe(version)
})

describe('bencode', () => {
  test.each(bencodeGallery)('%s: %s', (_, fault, make) => {
    const error = refusal(readTorrent(make()))
    expect(error.fault).toBe('bencode')
    expect(error.cause).toBeInstanceOf(BencodeError)
    expect((error.cause as BencodeError).fault).toBe(fault)
  })
})

describe.each(Object.entries(galleries))('%s', (_, gallery) => {
  test.each(gallery)('%s: %s', (_what, fault, make) => {
    const bytes = make()
    const error = refusal(readTorrent(bytes))
    expect(error.fault).toBe(fault)
    // a message goes to a terminal
    // oxlint-disable-next-line no-control-regex
    expect(error.message).toMatch(/^[^\u0000-\u001f\u007f\u202e]+$/)
    expect(() => parseTorrent(bytes)).toThrow(TorrentError)
  })
})

test.each([1, 2, 'hybrid'] as const)(
  'any change of version %s gives a torrent that holds together, or an error',
  (version) => {
    const whole = goodTorrent(version)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = whole.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        const read = readTorrent(bytes)
        if (read instanceof TorrentError) return
        const pieces = Array.from({ length: read.pieceCount }, (_, index) => index)
        expect(pieces.reduce((sum, index) => sum + read.pieceSize(index), 0)).toBe(read.length)
        for (const piece of pieces) {
          const tree = read.pieceTree(piece)
          expect(tree === undefined).toBe(read.version === 1)
          expect(tree?.length ?? 1).toBeLessThanOrEqual(read.pieceSize(piece))
        }
      }),
      { numRuns: 1_000 }
    )
  }
)

test('every fault is on show, and at least 60 broken torrents', () => {
  const shown = Object.values(galleries).flat()
  expect(shown.length + bencodeGallery.length).toBeGreaterThanOrEqual(60)
  expect(new Set(['bencode', ...shown.map(([, fault]) => fault)])).toEqual(
    new Set(Object.keys(torrentFaults))
  )
  expect(new Set(bencodeGallery.map(([, fault]) => fault))).toEqual(
    new Set(Object.keys(bencodeFaults))
  )
})
