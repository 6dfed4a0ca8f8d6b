import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toHex } from '../src/codec/text.ts'
import { createTorrentFromPath } from '../src/files.ts'
import { freshFolder } from './support/folder.ts'
import { askLibtorrent, hasLibtorrent } from './support/ask-libtorrent.ts'
import { noise } from '@peerage/testbed'
import { kib } from './support/torrents.ts'

const versions = ['1', '2', 'hybrid'] as const
const read = { '1': 1, '2': 2, hybrid: 'hybrid' } as const
const pieceLengths = [16 * kib, 64 * kib, 256 * kib]

async function sample() {
  const folder = join(await freshFolder(), 'sample')
  await mkdir(join(folder, 'c', 'deep'), { recursive: true })
  const files = {
    B: 128 * kib,
    'a.txt': 5,
    'c/deep/x': 64 * kib + 1,
    'c/empty': 0,
    'c/y.bin': 700 * kib,
    '10': 16 * kib,
    '9': 16 * kib - 1,
    é: 300 * kib + 7
  }
  for (const [path, length] of Object.entries(files)) {
    await writeFile(join(folder, ...path.split('/')), noise(length, length))
  }
  return folder
}

const cases = (path: string) =>
  versions.flatMap((version) =>
    pieceLengths.map((pieceLength) => ({ path, version, piece_length: pieceLength }))
  )

const hashesOf = (each: Awaited<ReturnType<typeof createTorrentFromPath>>) => ({
  v1: each.torrent.version === 2 ? null : toHex(each.torrent.infoHash),
  v2: each.torrent.infoHashV2 === undefined ? null : toHex(each.torrent.infoHashV2)
})

describe.skipIf(!hasLibtorrent)('libtorrent', () => {
  test.each([
    ['a file of several pieces', 'c/y.bin'],
    ['a file of one block', 'a.txt'],
    ['a file of just a piece', 'B'],
    ['a folder', '']
  ])('makes the same info-hashes of %s, and reads ours', async (_, below) => {
    const path = join(await sample(), ...below.split('/'))
    // of a folder, version 1 has the order in which the disk lists it, and that differs
    const create = cases(path).filter(({ version }) => below !== '' || version !== '1')
    const ours = await Promise.all(
      create.map(({ version, piece_length: pieceLength }) =>
        createTorrentFromPath(path, { version: read[version], pieceLength })
      )
    )
    const answer = askLibtorrent({ create, read: ours.map(({ bytes }) => toHex(bytes)) })
    expect(ours.map(hashesOf)).toEqual(answer.created)
    expect(answer.read).toEqual(answer.created)
  })

  test('reads a folder that holds one file, in every version', async () => {
    const folder = join(await freshFolder(), 'one')
    await mkdir(folder)
    await writeFile(join(folder, 'x.bin'), noise(100 * kib))
    const ours = await Promise.all(
      versions.map((version) => createTorrentFromPath(folder, { version: read[version] }))
    )
    const answer = askLibtorrent({ read: ours.map(({ bytes }) => toHex(bytes)) })
    expect(answer.read).toEqual(ours.map(hashesOf))
  })
})
