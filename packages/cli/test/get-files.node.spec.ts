import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noise } from '@peerage/testbed'
import { formatMagnet, swarm, type Torrent } from '@peerage/swarm'
import { createTorrentFromPath, fileStorage } from '@peerage/swarm/files'
import { createNode } from '@peerage/transport'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UsageError } from '../src/errors.ts'
import { assertSelected, selectionOf } from '../src/select-files.ts'
import { folder } from './support/folder.ts'
import { inProcess } from './support/in-process.ts'

const files = {
  'show/season 1/one.MP4': noise(100_000),
  'show/season 1/one.srt': noise(60_000, 2),
  'show/season 2/two.mp4': noise(90_000, 3),
  'show/read me.txt': 'thanks'
}

/** A peer that has a folder, and the folder's torrent. */
async function seeding(version: 1 | 2 = 1): Promise<{ torrent: Torrent; magnet: string }> {
  const path = await folder(files)
  const { torrent } = await createTorrentFromPath(join(path, 'show'), { version })
  const node = await createNode({
    profile: 'lan',
    mdns: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    services: { swarm: swarm() }
  })
  onTestFinished(async () => node.stop())
  await node.services.swarm.seed(torrent, fileStorage(torrent, path))
  return { torrent, magnet: formatMagnet({ ...torrent, peers: node.getMultiaddrs().map(String) }) }
}

describe('get --files', () => {
  it('fetches and makes the files that match, and no others', async () => {
    const { magnet, torrent } = await seeding()
    const out = await folder()
    const args = ['get', magnet, '--out', out, '--files', '*.mp4', '--quiet']
    const { code, stdout, stderr } = await inProcess(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^show: 212\.1 KiB of 244\.1 KiB, verified\n/)
    const made = await readdir(out, { recursive: true, withFileTypes: true })
    const names = made.filter((entry) => entry.isFile()).map(({ name }) => name)
    expect(names.filter((name) => !name.startsWith('.')).toSorted()).toEqual(['one.MP4', 'two.mp4'])
    const two = await readFile(join(out, 'show/season 2/two.mp4'))
    expect(two.equals(files['show/season 2/two.mp4'])).toBe(true)
    expect(torrent.files).toHaveLength(4)
  })

  it('takes them from front to back, no faster than it may, and says so as JSON', async () => {
    const { magnet } = await seeding()
    const how = ['--sequential', '--limit-down', '100k', '--limit-up', '1M', '--json']
    const began = performance.now()
    const { code, stdout } = await inProcess(['get', magnet, '--out', await folder(), ...how])
    expect(code).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(500)
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const done = messages.at(-1)
    expect(done).toMatchObject({ event: 'done', wanted: done.length, kept: 0, rejected: 0 })
    const some = messages.find(({ event, left }) => event === 'progress' && left > 0)
    expect(some).toMatchObject({ state: 'fetching', wanted: done.length })
  })

  it('fetches a torrent of version 2 by its magnet', async () => {
    const { magnet, torrent } = await seeding(2)
    const out = await folder()
    const { code, stderr } = await inProcess(['get', magnet, '--out', out, '--quiet'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(torrent.id).toMatch(/^btmh:1220/)
    expect(await readFile(join(out, 'show/read me.txt'), 'utf8')).toBe('thanks')
  })

  it('says what there is when nothing matches', async () => {
    const { magnet } = await seeding()
    const { code, stderr } = await inProcess(['get', magnet, '--quiet', '--files', '*.ogg'])
    expect(code).toBe(2)
    expect(stderr).toBe(
      'no file matches --files; there are "read me.txt", "one.MP4", "one.srt", "two.mp4"\n'
    )
  })
})

describe('a pattern', () => {
  const matches = (pattern: string, ...path: string[]): unknown =>
    selectionOf([pattern])!({ path, length: 1, offset: 0, pad: false }, 0)

  it.each([
    ['*.mp4', ['show', 'season 1', 'one.MP4'], true],
    ['one*', ['show', 'season 1', 'one.MP4'], true],
    ['on?.mp4', ['show', 'one.mp4'], true],
    ['season 1/*', ['show', 'season 1', 'one.mp4'], true],
    ['season 1/*', ['show', 'season 1', 'extra', 'one.mp4'], false],
    ['season 1/**', ['show', 'season 1', 'extra', 'one.mp4'], true],
    ['**/*.mp4', ['show', 'one.mp4'], true],
    ['o.e.mp4', ['show', 'one.mp4'], false],
    ['[a](b).txt', ['[a](b).txt'], true],
    ['mp4', ['show', 'one.mp4'], false]
  ] as const)('%s of %j: %s', (pattern, path, expected) => {
    expect(matches(pattern, ...path)).toBe(expected)
  })

  it('is not needed for all files, and names a few when there are many', () => {
    expect(selectionOf([])).toBeUndefined()
    const many = Array.from({ length: 7 }, (_, i) => ({ path: ['t', `${i}`], pad: false }))
    const torrent = { files: many } as unknown as Torrent
    expect(() => assertSelected(torrent, undefined)).not.toThrow()
    expect(() => assertSelected(torrent, () => false)).toThrow(UsageError)
    expect(() => assertSelected(torrent, () => false)).toThrow(/"4" and 2 more$/)
  })
})
