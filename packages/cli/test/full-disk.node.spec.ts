import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { noise } from '@peerage/testbed'
import { folder } from './support/folder.ts'

function mount(...args: readonly string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' })
}

it('a full disk ends a get with one line; with more room the same get goes on', async (context) => {
  const disk = await folder()
  try {
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk)
  } catch {
    context.skip('a small disk cannot be mounted here: needs root on Linux')
  }
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  const large = noise(16 * 1024 * 1024)
  const env = quietEnvironment(await folder())
  const path = join(await folder({ 'large.bin': large }), 'large.bin')
  const share = new Command(['share', path, '--json'], { env })
  const link = String((await share.heard('sharing'))['link'])
  const get = (...args: string[]) =>
    new Command(['get', link, '--out', disk, ...args], { env }).ended

  const full = await get('--quiet')
  expect(full.code).toBe(1)
  expect(full.stderr).toMatch(/^cannot write ".*large\.bin": the disk is full; free some space\n$/)

  mount('-o', 'remount,size=32m', disk)
  const { code, messages } = await get('--json')
  expect(code).toBe(0)
  const done = messages.find(({ event }) => event === 'done')!
  expect(Number(done['kept'])).toBeGreaterThan(0)
  expect((await readFile(join(disk, 'large.bin'))).equals(large)).toBe(true)
  await rm(join(disk, 'large.bin'))
}, 30_000)
