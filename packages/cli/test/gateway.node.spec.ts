import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { noise } from '@peerage/testbed'
import { folder } from './support/folder.ts'
import { inProcess } from './support/in-process.ts'

describe('a gateway', { timeout: 60_000 }, () => {
  it('joins a share and a get, on two networks, over TCP', async () => {
    const content = noise(2_000_000)
    const shared = await folder({ 'a.bin': content })
    const env = quietEnvironment(await folder())
    const torrent = join(await folder(), 'a.torrent')
    const { messages } = await new Command(
      ['create', join(shared, 'a.bin'), '--out', torrent, '--json'],
      { env }
    ).ended
    const { id } = messages.find(({ event }) => event === 'created')!

    const share = new Command(['share', shared, '--json'], { env })
    const { addresses } = await share.heard('sharing')
    const gateway = (...args: string[]) => {
      const all = ['gateway', 'bittorrent', '--accept=127.0.0.1:0', '--torrent', torrent, '--json']
      return new Command([...all, ...args], { env })
    }
    const inner = gateway('--join', (addresses as string[])[0]!)
    const { host, port } = await inner.heard('gateway')
    const outer = gateway('--peer', `${host}:${port}`)
    const there = (await outer.heard('gateway'))['addresses'] as string[]

    const out = await folder()
    const get = new Command(['get', String(id), '--join', there[0]!, '--out', out, '--json'], {
      env
    })
    expect((await get.ended).code).toBe(0)
    expect((await readFile(join(out, 'a.bin'))).equals(content)).toBe(true)
    await inner.heard('left-client', ({ toClient }) => Number(toClient) > content.length)

    inner.kill('SIGINT')
    expect((await inner.ended).code).toBe(130)
    const closed = await new Promise((resolve) => {
      connect(Number(port), String(host)).once('error', resolve).once('connect', resolve)
    })
    expect(closed).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('a gateway is not opened', () => {
  const refusal = async (...args: string[]) => inProcess(['gateway', ...args])

  it.each([
    ['for another network', ['gnutella'], 'there is no gateway "gnutella"'],
    ['without a torrent', ['bittorrent'], '--torrent <file>']
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await refusal(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  it('at an address that is none, nor for a torrent that is none', async () => {
    const env = quietEnvironment(await folder())
    const at = await folder({ a: noise(100), 'no.torrent': 'no' })
    const torrent = join(at, 'a.torrent')
    await new Command(['create', join(at, 'a'), '--out', torrent], { env }).ended
    for (const address of ['nowhere', '127.0.0.1', '127.0.0.1:65536', '::1:80']) {
      const { code, stderr } = await refusal(
        'bittorrent',
        '--torrent',
        torrent,
        '--accept',
        address
      )
      expect(code).toBe(2)
      expect(stderr).toContain('--accept takes a host and a port')
    }
    const broken = await refusal('bittorrent', '--torrent', join(at, 'no.torrent'))
    expect(broken.code).toBe(1)
    const named = ['--torrent', torrent, '--accept=127.0.0.1:0', '--tracker=wss://127.0.0.1']
    const noTracker = await refusal('bittorrent', ...named)
    expect(noTracker).toMatchObject({ code: 1, stderr: expect.stringContaining('is no tracker') })
  })
})
