import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseMagnet, parseTorrent } from '@peerage/swarm'
import { expect, it } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { noise } from '@peerage/testbed'
import { folder } from './support/folder.ts'
import { inProcess } from './support/in-process.ts'

it('create writes a .torrent and prints its magnet, on one line for scripts', async () => {
  const path = await folder({ 'photos/1.jpg': noise(40_000), 'photos/deep/2.jpg': 'x' })
  const file = join(path, 'out.torrent')
  const { code, stdout } = await inProcess(['create', join(path, 'photos'), '--out', file])
  expect(code).toBe(0)
  const torrent = parseTorrent(await readFile(file))
  expect(torrent.files.map((one) => one.path.join('/'))).toEqual([
    'photos/1.jpg',
    'photos/deep/2.jpg'
  ])
  expect(parseMagnet(stdout)).toMatchObject({ id: torrent.id, name: 'photos', length: 40_001 })
})

it.each([
  ['--v2', 2, /^magnet:\?xt=urn:btmh:1220[0-9a-f]{64}&/],
  ['--hybrid', 'hybrid', /^magnet:\?xt=urn:btih:[0-9a-f]{40}&xt=urn:btmh:1220[0-9a-f]{64}&/]
] as const)(
  'create %s writes that version, and its magnet names it',
  async (flag, version, link) => {
    const path = await folder({ 'a.bin': noise(40_000) })
    const file = join(path, 'a.torrent')
    const { code, stdout } = await inProcess(['create', join(path, 'a.bin'), '--out', file, flag])
    expect(code).toBe(0)
    expect(stdout).toMatch(link)
    const torrent = parseTorrent(await readFile(file))
    expect(torrent.version).toBe(version)
    expect(parseMagnet(stdout).infoHashV2).toEqual(torrent.infoHashV2)
  }
)

it('a .torrent made by create is fetched from a share of the same file', async () => {
  const data = await folder()
  const env = quietEnvironment(data)
  const path = await folder({ 'a song.ogg': noise(100_000) })
  const share = new Command(['share', path, '--json'], { env })
  const [address] = (await share.heard('sharing'))['addresses'] as [string]
  const file = join(data, 'song.torrent')
  await inProcess(['create', join(path, 'a song.ogg'), '--out', file])

  const out = await folder()
  const { code, stdout } = await inProcess(['get', file, '--join', address, '--out', out])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^a song\.ogg: 97\.7 KiB, verified\n {2}7 pieces from 12D3\w+\nsaved as /)
  expect((await readFile(join(out, 'a song.ogg'))).equals(noise(100_000))).toBe(true)
})

it('id is the same at every start', async () => {
  const data = await folder()
  const peers = await Promise.all(
    [1, 2].map(async () => (await inProcess(['id', '--data', data])).stdout.split('\n')[0])
  )
  expect(peers[0]).toMatch(/^12D3/)
  expect(peers[1]).toBe(peers[0])
})
