import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { scanFolder } from '../src/folder.ts'

/** Root may read everything: for the test's length this process is nobody. */
function asNobody(): void {
  if (process.geteuid?.() !== 0) return
  process.seteuid?.(65_534)
  onTestFinished(() => process.seteuid?.(0))
}

it('a folder that is closed to us is named itself, not a file in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-closed-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await chmod(folder, 0o000)
  asNobody()
  await expect(scanFolder(folder).next()).rejects.toMatchObject({
    name: 'FolderError',
    trouble: 'unreadable',
    message: `${folder} cannot be read; check its permissions (EACCES)`
  })
})
