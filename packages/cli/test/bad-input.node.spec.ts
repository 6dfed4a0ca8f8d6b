import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, readdir, readFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createTorrent, memoryStorage, swarm, type Torrent } from '@peerage/swarm'
import { createNode } from '@peerage/transport'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { folder } from './support/folder.ts'
import { hostileInfos } from './support/hostile.ts'
import { inProcess } from './support/in-process.ts'

/** Runs a command in a process of its own and expects one line on standard error. */
async function fails(args: readonly string[], options: { uid?: number; gid?: number } = {}) {
  const data = await folder()
  if (options.uid !== undefined) await chown(data, options.uid, options.uid)
  const { code, stdout, stderr } = await new Command(args, {
    ...options,
    env: quietEnvironment(data)
  }).ended
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1)
  return { code, stdout, line: stderr.trimEnd() }
}

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

describe('one clear line and the right exit code for', { timeout: 30_000 }, () => {
  it('an unknown command', async () => {
    const { code, line } = await fails(['serch', 'x'])
    expect(code).toBe(2)
    expect(line).toBe('there is no command "serch"; did you mean search?')
  })

  it('a folder that is not there', async () => {
    const { code, line } = await fails(['share', '/no/such/folder'])
    expect(code).toBe(1)
    expect(line).toMatch(/^there is no folder \/no\/such\/folder; check its spelling/)
  })

  it('a folder that may not be read', async (context) => {
    const path = await folder({ 'a.txt': 'a' })
    await chmod(path, 0)
    const nobody = 65_534
    if (process.getuid?.() !== 0) context.skip('running as another user needs root')
    const { code, line } = await fails(['share', path], { uid: nobody, gid: nobody })
    if (line.includes('EACCES') && !line.includes(path)) context.skip('the clone is private')
    expect(code).toBe(1)
    expect(line.startsWith(path), line).toBe(true)
    expect(line).toMatch(/ cannot be read; check its permissions \(EACCES\)$/)
  })

  it('a damaged .torrent', async () => {
    const path = join(await folder({ 'bad.torrent': 'd4:infoi1e' }), 'bad.torrent')
    const { code, line } = await fails(['get', path])
    expect(code).toBe(1)
    expect(line).toMatch(/^the \.torrent file is damaged, or is none: /)
  })

  it('a port in use', async () => {
    const { port } = await listening()
    const at = `/ip4/127.0.0.1/tcp/${port}`
    const { code, line } = await fails(['share', await folder(), '--listen', at])
    expect(code).toBe(1)
    expect(line).toBe(
      `${at} is already in use: stop the program that has it, or listen on another port (0 takes any free one)`
    )
  })

  it('a peer to join that nobody answers as', async () => {
    const { server, port } = await listening()
    server.close()
    const at = `/ip4/127.0.0.1/tcp/${port}`
    const { code, line } = await fails(['search', 'anything', '--join', at])
    expect(code).toBe(1)
    expect(line).toMatch(
      new RegExp(`^cannot join by ${at}: .*ECONNREFUSED.* Nothing listens there`)
    )
  })

  it('nothing found', async () => {
    const share = new Command(['share', await folder({ 'a.txt': 'a' }), '--json'], {
      env: quietEnvironment(await folder())
    })
    const [address] = (await share.heard('sharing'))['addresses'] as [string]
    const args = ['search', 'unheard of', '--quiet', '--join', address, '--timeout', '1']
    const { code, line } = await fails(args)
    expect(code).toBe(3)
    expect(line).toBe(
      'nothing found for "unheard of"; try fewer words, or join more peers with --join'
    )
  })

  it('nobody who has it', async () => {
    const magnet = `magnet:?xt=urn:btih:${'0'.repeat(40)}`
    const { code, line } = await fails(['get', magnet, '--quiet', '--timeout', '1'])
    expect(code).toBe(3)
    expect(line).toMatch(/^no peer that has it was found in 1 s; join more peers with --join/)
  })

  it('a file of the same name that is something else', async () => {
    const content = new TextEncoder().encode('the torrent')
    const { bytes } = await createTorrent({
      name: 'a.txt',
      files: [{ path: [], length: content.length }],
      read: async () => content
    })
    const out = await folder({ 'a.txt': 'my own diary', 'a.torrent': bytes })
    const { code, line } = await fails(['get', join(out, 'a.torrent'), '--quiet', '--out', out])
    expect(code).toBe(1)
    expect(line).toMatch(/a\.txt" is there already, and is something else; move it away/)
  })
})

describe('a torrent with hostile names is refused and nothing is written', () => {
  it.each(Object.keys(hostileInfos))('as a .torrent file: %s', async (trick) => {
    const torrent = Buffer.concat([Buffer.from('d4:info'), hostileInfos[trick]!, Buffer.from('e')])
    const out = await folder()
    const source = join(await folder({ 'x.torrent': torrent }), 'x.torrent')
    const { code, stderr } = await inProcess(['get', source, '--out', out])
    expect(stderr).toMatch(/^unsafe file name: .*; nothing was written\n$/)
    expect(code).toBe(1)
    expect(await readdir(out)).toEqual([])
  })

  it.each(Object.keys(hostileInfos))('as metadata of a magnet: %s', async (trick) => {
    const info = hostileInfos[trick]!
    const infoHash = createHash('sha1').update(info).digest()
    const { torrent } = await createTorrent({
      name: 'good',
      files: [{ path: [], length: 1 }],
      read: async () => new Uint8Array(1)
    })
    // what no reader would make: the torrent of a peer that means harm
    const id = `btih:${infoHash.toString('hex')}`
    const hostile: Torrent = { ...torrent, info, infoHash, id }
    const node = await createNode({
      profile: 'lan',
      mdns: false,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      services: { swarm: swarm() }
    })
    onTestFinished(async () => node.stop())
    await node.services.swarm.seed(hostile, memoryStorage(torrent))

    const magnet = `magnet:?xt=urn:${id}&x.peer=${encodeURIComponent(String(node.getMultiaddrs()[0]))}`
    const out = await folder()
    const { code, stderr } = await inProcess(['get', magnet, '--quiet', '--out', out])
    expect(stderr).toMatch(/^unsafe file name: .*; nothing was written\n$/)
    expect(code).toBe(1)
    expect(await readdir(out)).toEqual([])
    expect(existsSync('/tmp/evil')).toBe(false)
  })
})

describe('the command line', () => {
  it.each([
    [['share', 'x', '--jion', 'y'], 'there is no option --jion; did you mean --join?'],
    [
      ['share', 'x', '--join', 'nonsense'],
      '--join "nonsense" is no multiaddr; it should look like'
    ],
    [['share'], 'usage: peerage share <folder|file>; for example: peerage share'],
    [['share', 'x', '--port'], '--port needs a value: --port <number>'],
    [['share', 'x', '--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000"'],
    [['share', 'x', '--json=yes'], '--json is a switch and takes no value; leave out "=yes"'],
    [['search', 'x', '--type', 'sound'], '--type takes one of '],
    [['search', 'x', '--min-size', 'big'], '--min-size takes a size such as 700k, 20M or 1.5G'],
    [['search', 'x', '--neighbours', '9-3'], '--neighbours takes a number or a range up to 32'],
    [['get', '7'], 'there are no hits to choose from; search first: peerage search <words>'],
    [['get', 'btih:12'], '"btih:12" is no content id'],
    [['get', `btmh:1220${'0'.repeat(63)}`], `"btmh:1220${'0'.repeat(63)}" is no content id`],
    [['get', '0'.repeat(40), '--limit-down', 'fast'], '--limit-down takes a size such as 700k'],
    [['get', '0'.repeat(40), '--limit-up', '0'], '--limit-up 0 would let nothing through'],
    [['create', 'x', '--v2', '--hybrid'], '--v2 and --hybrid each say which version']
  ])('%j is not understood', async (argv, beginning) => {
    const { code, stdout, stderr } = await inProcess(argv)
    expect(stderr.startsWith(beginning), stderr).toBe(true)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('says errors as JSON too', async () => {
    const { code, stdout, stderr } = await inProcess(['get', '7', '--json'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: 2 })
  })

  it('reads common options from the environment', async () => {
    const env = { PEERAGE_JOIN: '/ip4/192.0.2.1/tcp/1, oops', PEERAGE_JSON: '1' }
    const { code, stdout } = await inProcess(['id'], env)
    expect(code).toBe(2)
    expect(JSON.parse(stdout).message).toMatch(/^--join "oops" is no multiaddr/)
  })

  it('has help with an example for every command', async () => {
    const { code, stdout } = await inProcess(['--help'])
    expect(code).toBe(0)
    const names = [...stdout.matchAll(/^ {2}peerage (\w+)/gm)].map(([, name]) => name!)
    expect(names).toEqual(['share', 'search', 'get', 'create', 'gateway', 'id'])
    for (const name of names) {
      const help = await inProcess([name, '--help'])
      expect(help.stdout).toMatch(new RegExp(`^Example:\n {2}peerage ${name} `, 'm'))
      expect(help.code).toBe(0)
    }
  })

  it('keeps a damaged key file as it is', async () => {
    const path = join(await folder({ key: 'not a key' }), 'key')
    const { code, stderr } = await inProcess(['id', '--identity', path])
    expect(code).toBe(1)
    expect(stderr).toContain(path)
    expect(await readFile(path, 'utf8')).toBe('not a key')
  })
})
