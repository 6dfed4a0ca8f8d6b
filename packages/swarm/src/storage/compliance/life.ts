import { check, expectBytes, expectRejection, type StorageCheck } from './check.ts'

/** How a storage begins, goes on and ends. */
export const lifeChecks: readonly StorageCheck[] = [
  check('sync may come at any time', async ({ open, data }) => {
    const storage = await open()
    await storage.sync()
    const writing = storage.write(0, data)
    await Promise.all([storage.sync(), writing, storage.sync()])
    await storage.sync()
    expectBytes('all of it', await storage.read(0, data.length), data)
  }),

  check('it may be closed twice', async ({ open, data }) => {
    const storage = await open()
    await storage.write(0, data)
    await storage.close()
    await storage.close()
  }),

  check('it may be closed without having been used', async ({ open }) => {
    const storage = await open()
    await Promise.all([storage.close(), storage.close()])
  }),

  check('a signal that has aborted stops a read and a write', async ({ open, data }) => {
    const storage = await open()
    await storage.write(0, data)
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    const other = new Uint8Array(data.length)
    const jobs: Record<string, () => Promise<unknown>> = {
      'a read': () => storage.read(0, 10, { signal }),
      'a write': () => storage.write(0, other, { signal })
    }
    for (const [what, job] of Object.entries(jobs)) {
      if ((await expectRejection(what, job())) === reason) continue
      throw new Error(`${what}: rejected with another error than the signal's`)
    }
    expectBytes('all of it', await storage.read(0, data.length), data)
  }),

  check('it remembers, or does not: one half alone is of no use', async ({ open }) => {
    const storage = await open()
    if ('remember' in storage === 'remembered' in storage) return
    const missing = 'remember' in storage ? 'remembered' : 'remember'
    throw new Error(`it has no ${missing}, which belongs to the other`)
  })
]
