import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { noise } from '@peerage/testbed'
import { folder } from './support/folder.ts'

const start = (path: string, data: string, ...args: string[]): Command =>
  new Command(['share', path, ...args], { env: quietEnvironment(data) })

describe('a share', { timeout: 30_000 }, () => {
  it('prints each file, the address to join, a link and its QR code', async () => {
    const path = await folder({ 'tide table.txt': 'high at noon\n' })
    const share = start(join(path, 'tide table.txt'), await folder())
    await share.printed(/^link: .*\n/m)
    share.kill('SIGINT')
    const { code, stdout, stderr } = await share.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/^tide table\.txt {2}13 bytes {2}btih:[0-9a-f]{40}$/m)
    expect(stdout).toMatch(/^join: {2}--join \/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3\w+$/m)
    expect(stdout).toMatch(/^link: {2}magnet:\?xt=urn:btih:[0-9a-f]{40}&dn=tide%20table\.txt&/m)
    expect(stderr).toMatch(/█▀+/)
  })

  it('follows its folder: what is added, renamed and changed', async () => {
    const path = await folder({ 'one.txt': 'one', '.hidden': 'no', 'two.part': 'no' })
    const share = start(path, await folder(), '--json', '--exclude', '*.part')
    expect(await share.heard('sharing')).toMatchObject({ files: 1 })
    await writeFile(join(path, 'three.txt'), 'three')
    await share.heard('shared', ({ name }) => name === 'three.txt')
    await rename(join(path, 'three.txt'), join(path, 'four.txt'))
    await share.heard('unshared', ({ name }) => name === 'three.txt')
    await share.heard('shared', ({ name }) => name === 'four.txt')
    await writeFile(join(path, 'four.txt'), 'four and more')
    await share.heard('shared', ({ name, size }) => name === 'four.txt' && size === 13)
  })

  it('hashes a file once, and again when it has changed', async () => {
    const path = await folder({ 'large.bin': noise(2 ** 21) })
    const data = await folder()
    const hashed = async () => {
      const share = start(path, data, '--json')
      await share.heard('sharing')
      share.kill('SIGTERM')
      const { messages } = await share.ended
      return messages.some(({ hashing }) => hashing === 'large.bin')
    }
    expect(await hashed()).toBe(true)
    expect(await hashed()).toBe(false)
    await writeFile(join(path, 'large.bin'), noise(2 ** 21, 2))
    expect(await hashed()).toBe(true)
  })

  it('has a key of its own while others run, and the same one the next time', async () => {
    const data = await folder()
    const path = await folder({ 'a.txt': 'a' })
    const first = start(path, data, '--json')
    const { peer } = await first.heard('sharing')
    const second = start(path, data, '--json')
    expect((await second.heard('sharing'))['peer']).not.toBe(peer)
    // a lock whose process was killed holds nothing back
    first.kill('SIGKILL')
    await first.ended
    const third = start(path, data, '--json')
    expect((await third.heard('sharing'))['peer']).toBe(peer)
  })
})
