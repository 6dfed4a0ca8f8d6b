import { describe, expect, test } from 'vitest'
import { checkPiece } from '../src/check-piece.ts'
import { binaryString } from '../src/codec/bytes.ts'
import { readInfo, readTorrent, type Torrent } from '../src/codec/metainfo.ts'
import { createTorrent } from '../src/create/create.ts'
import { sha1, sha256 } from '../src/hash.ts'
import { noise } from '@peerage/testbed'
import { accepted, kib, noiseTorrent, refusal } from './support/torrents.ts'

const files = { 'c/c.bin': 150 * kib, z: 40 * kib, 'a.txt': 5, 'c/empty': 0, B: 128 * kib }
const inOrder = ['B', 'a.txt', 'c/c.bin', 'c/empty', 'z']
const versions = [1, 2, 'hybrid'] as const

const listed = ({ files: all }: Torrent) =>
  all.filter(({ pad }) => !pad).map(({ path }) => path.slice(1).join('/'))

/** The flat range: files where they lie, zeros between. */
function flat(torrent: Torrent, data: Uint8Array): Uint8Array {
  const range = new Uint8Array(torrent.extent)
  let from = 0
  for (const [path, length] of Object.entries(files)) {
    const file = torrent.files.find((each) => each.path.slice(1).join('/') === path)!
    range.set(data.subarray(from, from + length), file.offset)
    from += length
  }
  return range
}

const pieceOf = (torrent: Torrent, range: Uint8Array, index: number) =>
  range.slice(index * torrent.pieceLength).subarray(0, torrent.pieceSize(index))

describe('version 2', () => {
  test('has its files in the order of their bytes, each at the beginning of a piece', async () => {
    const { torrent } = await noiseTorrent(files, 64 * kib, 2)
    expect(torrent).toMatchObject({
      version: 2,
      length: 318 * kib + 5,
      pieceCount: 7,
      verifiable: true
    })
    expect(listed(torrent)).toEqual(inOrder)
    for (const { offset, length, piecesRoot, pad } of torrent.files) {
      if (pad) continue
      expect(piecesRoot?.length).toBe(length > 0 ? 32 : undefined)
      if (length > 0) expect(offset % (64 * kib)).toBe(0)
    }
    const sizes = Array.from({ length: 7 }, (_, index) => torrent.pieceSize(index))
    expect(sizes).toEqual([64, 64, 5 / kib, 64, 64, 22, 40].map((size) => size * kib))
    expect(sizes.reduce((sum, size) => sum + size)).toBe(torrent.length)
  })

  test('is known by SHA-256, and to peers by its first 20 bytes', async () => {
    const { torrent } = await noiseTorrent(files, 64 * kib, 2)
    expect(torrent.infoHashV2).toEqual(sha256(torrent.info))
    expect(torrent.infoHash).toEqual(sha256(torrent.info).subarray(0, 20))
    expect(torrent.id).toMatch(/^btmh:1220[0-9a-f]{64}$/)
    expect(torrent.pieceHash(0)).toBeUndefined()
  })

  test('of one file in no folder is that file', async () => {
    const { torrent } = await createTorrent({
      name: 'a.bin',
      files: [{ path: [], length: 50 * kib }],
      read: async (_, at, length) => noise(50 * kib).subarray(at, at + length),
      version: 2
    })
    expect(torrent.files).toMatchObject([{ path: ['a.bin'], length: 50 * kib, offset: 0 }])
    expect(torrent.files[0]!.pieceLayer).toHaveLength(4 * 32)
  })

  test('without its piece layers is known, but cannot be verified', async () => {
    const { torrent } = await noiseTorrent(files, 64 * kib, 2)
    const bare = accepted(readInfo(torrent.info))
    expect(bare).toMatchObject({ id: torrent.id, length: torrent.length, verifiable: false })
    expect(bare.pieceTree(0)).toBeUndefined()
    expect(await checkPiece(bare, 0, new Uint8Array(64 * kib))).toBe(false)
    expect(bare.pieceTree(2)).toMatchObject({ length: 5, width: 1 })
    const small = await noiseTorrent({ a: 5, b: 64 * kib }, 64 * kib, 2)
    expect(accepted(readInfo(small.torrent.info)).verifiable).toBe(true)
  })

  test('is whole again once its piece layers are there, and wrong ones are refused', async () => {
    const { torrent, data } = await noiseTorrent(files, 64 * kib, 2)
    const layered = torrent.files.filter(({ pieceLayer }) => pieceLayer !== undefined)
    const layers = Object.fromEntries(
      layered.map(({ piecesRoot, pieceLayer }) => [binaryString(piecesRoot!), pieceLayer!])
    )
    const whole = accepted(readInfo(torrent.info, [], layers))
    expect(whole.verifiable).toBe(true)
    expect(await checkPiece(whole, 0, pieceOf(whole, flat(whole, data), 0))).toBe(true)
    const [root = ''] = Object.keys(layers)
    const size = layers[root]!.length
    const spoilt = readInfo(torrent.info, [], { ...layers, [root]: new Uint8Array(size) })
    expect(refusal(spoilt).fault).toBe('layer-root')
    expect(refusal(readInfo(torrent.info, [], {})).fault).toBe('layer-missing')
  })

  test('sorts names by bytes where JavaScript would count', async () => {
    const names = { 9: 1, 10: 1, é: 1, '𝄞': 1, '\uffee': 1 }
    const { torrent } = await noiseTorrent(names, 16 * kib, 2)
    expect(listed(torrent)).toEqual(['10', '9', 'é', '\uffee', '𝄞'])
  })
})

describe('a hybrid', () => {
  test('has both hashes, and the padding that version 2 implies', async () => {
    const { torrent } = await noiseTorrent(files, 64 * kib, 'hybrid')
    expect(torrent).toMatchObject({ version: 'hybrid', pieceCount: 7, length: 7 * 64 * kib })
    expect(torrent.infoHash).toEqual(await sha1(torrent.info))
    expect(torrent.infoHashV2).toEqual(sha256(torrent.info))
    expect(torrent.id).toMatch(/^btih:[0-9a-f]{40}$/)
    expect(listed(torrent)).toEqual(inOrder)
    expect(torrent.files.filter(({ pad }) => pad).map(({ path }) => path.at(-1))).toEqual(
      [64 - 5 / kib, 42, 24].map((gap) => String(gap * kib))
    )
  })

  test('has the roots of version 2 at the same places', async () => {
    const [two, hybrid] = await Promise.all(
      ([2, 'hybrid'] as const).map((version) => noiseTorrent(files, 64 * kib, version))
    )
    const roots = ({ files: all }: Torrent) =>
      all
        .filter(({ pad }) => !pad)
        .map(({ offset, piecesRoot, pieceLayer, length }) =>
          length > 0 ? { offset, piecesRoot, pieceLayer } : {}
        )
    expect(roots(hybrid!.torrent)).toEqual(roots(two!.torrent))
  })

  test('without its piece layers is verified by version 1', async () => {
    const { torrent, data } = await noiseTorrent(files, 64 * kib, 'hybrid')
    const bare = accepted(readInfo(torrent.info))
    expect(bare.verifiable).toBe(true)
    const piece = pieceOf(bare, flat(bare, data), 0)
    expect(await checkPiece(bare, 0, piece)).toBe(true)
    piece[0]! ^= 1
    expect(await checkPiece(bare, 0, piece)).toBe(false)
  })

  test('whose halves describe different bytes has a piece that is never right', async () => {
    const { torrent, data } = await noiseTorrent(files, 64 * kib, 'hybrid')
    const piece = pieceOf(torrent, flat(torrent, data), 0)
    const other = noise(64 * kib, 3)
    const hash = await sha1(other)
    const liar = { ...torrent, pieceHash: () => hash }
    expect(await checkPiece(liar, 0, other)).toBe(false)
    expect(await checkPiece(liar, 0, piece)).toBe(false)
  })
})

describe.each(versions)('version %s', (version) => {
  test('is the same from the same input, and reads back', async () => {
    const first = await noiseTorrent(files, 64 * kib, version)
    const second = await noiseTorrent(files, 64 * kib, version)
    expect(second.bytes).toEqual(first.bytes)
    expect(accepted(readTorrent(first.bytes)).id).toBe(first.torrent.id)
  })

  test.each([16 * kib, 64 * kib, 256 * kib])('in pieces of %i knows its bytes', async (size) => {
    const { torrent, data } = await noiseTorrent(files, size, version)
    if (version === 1) return expect(torrent.pieceTree(0)).toBeUndefined()
    const range = flat(torrent, data)
    for (let index = 0; index < torrent.pieceCount; index++) {
      const piece = pieceOf(torrent, range, index)
      expect(await checkPiece(torrent, index, piece)).toBe(true)
      expect(await checkPiece(torrent, index, piece.subarray(1))).toBe(false)
      piece[index % piece.length]! ^= 1
      expect(await checkPiece(torrent, index, piece)).toBe(false)
    }
    return undefined
  })

  test('has no piece beyond its last', async () => {
    const { torrent } = await noiseTorrent(files, 64 * kib, version)
    for (const index of [-1, torrent.pieceCount, 0.5]) {
      expect(() => torrent.pieceSize(index)).toThrow('there is no piece')
    }
  })
})

describe('a mistake is told before anything is read', () => {
  const init = {
    name: 'x',
    files: [{ path: ['a'], length: 1 }],
    version: 2,
    read: async () => {
      throw new Error('it was read')
    }
  } as const
  const deep = Array.from({ length: 31 }, () => 'd')
  test.each([
    ['pieces that are no power of two', { pieceLength: 48 * kib }, 'piece-length'],
    ['pieces smaller than a block', { pieceLength: 8 * kib }, 'piece-length'],
    ['the same file twice', { files: [init.files[0], init.files[0]] }, 'path-twin'],
    ['two names that are one elsewhere', { files: ['a', 'A'].map(named) }, 'path-twin'],
    ['folders too deep for bencode', { files: [{ path: deep, length: 1 }] }, 'path-deep'],
    ['an unsafe name', { files: [named('..')] }, 'path-dots'],
    ['nothing', { files: [] }, 'file-tree'],
    ['no bytes', { files: [{ path: ['a'], length: 0 }] }, 'empty']
  ])('%s', async (_, change, fault) => {
    await expect(createTorrent({ ...init, ...change })).rejects.toMatchObject({ fault })
    const hybrid = createTorrent({ ...init, ...change, version: 'hybrid' })
    await expect(hybrid).rejects.toMatchObject({ name: 'TorrentError' })
  })
})

function named(name: string) {
  return { path: [name], length: 1 }
}
