import { describe, expect, test } from 'vitest'
import { decodeBencode } from '../src/codec/bencode.ts'
import { parseTorrent } from '../src/codec/metainfo.ts'
import { choosePieceLength, createTorrent, type CreateProgress } from '../src/create/create.ts'
import { BencodeError, TorrentError } from '../src/errors.ts'
import { sha1 } from '../src/hash.ts'
import { limits } from '../src/limits.ts'
import { noise } from '@peerage/testbed'
import { kib, noiseTorrent } from './support/torrents.ts'

const one = (data: Uint8Array, name = 'a.bin') => ({
  name,
  files: [{ path: [], length: data.length }],
  read: async (_file: unknown, at: number, length: number) => data.subarray(at, at + length)
})

test('a torrent and its file say the same', async () => {
  const { torrent, bytes } = await createTorrent(one(noise(40 * kib)))
  const parsed = parseTorrent(bytes)
  expect(parsed.id).toBe(torrent.id)
  expect(parsed.info).toEqual(torrent.info)
  expect(torrent.files).toEqual([{ path: ['a.bin'], length: 40 * kib, offset: 0, pad: false }])
})

test('every piece has the hash of its bytes, across the edges of files', async () => {
  const { torrent, data } = await noiseTorrent({ a: 10, b: 0, c: 50 * kib, d: 1, e: 30 * kib })
  expect(torrent.pieceCount).toBe(6)
  for (let piece = 0; piece < torrent.pieceCount; piece++) {
    const begin = piece * torrent.pieceLength
    const part = data.slice(begin, begin + torrent.pieceSize(piece))
    expect(torrent.pieceHash(piece)).toEqual(await sha1(part))
  }
})

test('the same input gives the same file, and the file holds nothing else', async () => {
  const first = await createTorrent(one(noise(100 * kib)))
  const second = await createTorrent(one(noise(100 * kib)))
  expect(second.bytes).toEqual(first.bytes)
  const decoded = decodeBencode(first.bytes)
  if (decoded instanceof BencodeError) throw decoded
  expect(Object.keys(decoded.value)).toEqual(['info'])
  expect(first.torrent.id).toBe('btih:323fcd36a6652df2e0426487cfba38ad3a327c09')
})

test('private and trackers are written down', async () => {
  const trackers = [['http://a.example/', 'http://b.example/'], ['udp://c.example:1']]
  const { torrent, bytes } = await createTorrent({ ...one(noise(1)), private: true, trackers })
  expect(torrent).toMatchObject({ private: true, trackers })
  expect(new TextDecoder().decode(bytes)).toMatch(/^d8:announce17:http:\/\/a\.example\//)
})

describe('the piece length is chosen', () => {
  const mib = kib * kib
  test.each([
    [1, 16 * kib],
    [1500 * 16 * kib, 16 * kib],
    [1500 * 16 * kib + 1, 32 * kib],
    [64 * mib, 64 * kib],
    [1024 * mib, mib],
    [1500 * 8 * mib, 8 * mib],
    [1500 * 8 * mib + 1, 8 * mib],
    [2 ** 50, 8 * mib]
  ])('for %i bytes: %i', (total, expected) => {
    expect(choosePieceLength(total)).toBe(expected)
  })

  test('and given, it is kept', async () => {
    const { torrent } = await createTorrent({ ...one(noise(3000)), pieceLength: 1024 })
    expect(torrent).toMatchObject({ pieceLength: 1024, pieceCount: 3 })
  })
})

describe('a mistake is told before anything is read', () => {
  const unread = async () => {
    throw new Error('it was read')
  }
  test.each([
    ['an unsafe name', { name: '..' }, 'path-dots'],
    ['an unsafe path', { files: [{ path: ['con'], length: 1 }] }, 'path-reserved'],
    ['the same file twice', { files: [1, 2].map(() => ({ path: ['a'], length: 1 })) }, 'path-twin'],
    ['no files', { files: [] }, 'empty'],
    ['no bytes', { files: [{ path: [], length: 0 }] }, 'empty'],
    ['pieces too small', { pieceLength: limits.metainfo.smallestPiece - 1 }, 'piece-length'],
    ['pieces too large', { pieceLength: limits.metainfo.largestPiece + 1 }, 'piece-length'],
    ['pieces that are none', { pieceLength: Number.NaN }, 'piece-length']
  ])('%s', async (_, change, fault) => {
    const init = { ...one(noise(1)), ...change, read: unread }
    await expect(createTorrent(init)).rejects.toMatchObject({ name: 'TorrentError', fault })
  })
})

test('a file that shrinks while it is read is told by name', async () => {
  const init = one(noise(20 * kib))
  const read = async (_: unknown, at: number) => noise(20 * kib).subarray(at, at + 5)
  const error = await createTorrent({ ...init, read }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TorrentError)
  expect((error as Error).message).toBe('"a.bin" changed while it was read; try again')
})

test('progress counts up to the end', async () => {
  const seen: CreateProgress[] = []
  await createTorrent({ ...one(noise(40 * kib)), onProgress: (progress) => seen.push(progress) })
  expect(seen).toEqual([
    { hashed: 16 * kib, total: 40 * kib },
    { hashed: 32 * kib, total: 40 * kib },
    { hashed: 40 * kib, total: 40 * kib }
  ])
})

test('a signal ends it between two reads', async () => {
  const controller = new AbortController()
  let reads = 0
  const init = one(noise(100 * kib))
  const read: typeof init.read = async (...given) => {
    if (++reads === 2) controller.abort(new Error('enough'))
    return init.read(...given)
  }
  await expect(createTorrent({ ...init, read, signal: controller.signal })).rejects.toThrow(
    'enough'
  )
  expect(reads).toBe(2)
})

test('hashes of every length agree with WebCrypto', async () => {
  for (const length of [0, 1, 16 * kib, 2 * kib * kib, 2 * kib * kib + 1]) {
    const data = new Uint8Array(length).fill(length)
    const expected = new Uint8Array(await crypto.subtle.digest('SHA-1', data))
    expect(await sha1(data)).toEqual(expected)
  }
})

test('a view into a larger buffer is hashed by itself', async () => {
  expect(await sha1(noise(100).subarray(10, 20))).toEqual(await sha1(noise(100).slice(10, 20)))
})
