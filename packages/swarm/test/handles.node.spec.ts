import type { FileHandle } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Handles } from '../src/storage/handles.ts'

/** Counts files that were opened and not closed. */
function fakeFiles() {
  const files = {
    open: 0,
    most: 0,
    opened: 0,
    opener: async () => {
      files.opened++
      files.most = Math.max(files.most, ++files.open)
      return { close: async () => void files.open-- } as unknown as FileHandle
    }
  }
  return files
}

test('never more files are open than allowed, however many are wanted at once', async () => {
  const files = fakeFiles()
  const handles = new Handles(3)
  const jobs = Array.from({ length: 200 }, (_, index) =>
    handles.use(String(index % 40), files.opener, async () => {
      for (let turn = 0; turn < index % 5; turn++) await Promise.resolve()
      return index
    })
  )
  expect(await Promise.all(jobs)).toEqual(jobs.map((_, index) => index))
  expect(files.most).toBeLessThanOrEqual(3)
  await handles.close()
  expect(files.open).toBe(0)
})

test('a file stays open for the next job, and the least recently used gives way', async () => {
  const files = fakeFiles()
  const handles = new Handles(2)
  for (const key of ['a', 'b', 'a', 'c', 'a']) await handles.use(key, files.opener, async () => {})
  expect(files.opened).toBe(3)
  expect(handles.has('b')).toBe(false)
  await handles.close()
})

test('a file that does not open fails its job only, and is tried again by the next', async () => {
  const files = fakeFiles()
  const handles = new Handles(1)
  const broken = async () => Promise.reject(new Error('no such file'))
  await expect(handles.use('a', broken, async () => {})).rejects.toThrow('no such file')
  expect(await handles.use('a', files.opener, async () => 'read')).toBe('read')
  await handles.close()
})

test('a job that fails gives its file back', async () => {
  const files = fakeFiles()
  const handles = new Handles(1)
  const failing = async () => Promise.reject(new Error('disk on fire'))
  await expect(handles.use('a', files.opener, failing)).rejects.toThrow('disk on fire')
  expect(await handles.use('b', files.opener, async () => 1)).toBe(1)
  await handles.close()
})

test('after closing there are no more jobs, and those that wait are told', async () => {
  const files = fakeFiles()
  const handles = new Handles(1)
  const { promise, resolve } = Promise.withResolvers<void>()
  const running = handles.use('a', files.opener, () => promise)
  const waiting = handles.use('b', files.opener, async () => {})
  const told = expect(waiting).rejects.toThrow('the storage is closed')
  await Promise.resolve()
  const closing = handles.close()
  await told
  resolve()
  await running
  await closing
  await expect(handles.use('a', files.opener, async () => {})).rejects.toThrow('closed')
})
