import { afterAll, beforeAll } from 'vitest'
import type { Task } from './storage-worker.ts'

/** A dedicated worker for the tests of this block. */
export function storageWorker() {
  let worker: Worker

  beforeAll(() => {
    worker = new Worker(new URL('storage-worker.ts', import.meta.url), { type: 'module' })
  })

  afterAll(() => {
    worker.terminate()
  })

  return {
    /** Resolves with what went wrong, or nothing. */
    ask: (task: Task) =>
      new Promise<unknown>((resolve, reject) => {
        const failed = ({ message }: ErrorEvent) => {
          reject(new Error(message))
        }
        worker.addEventListener('message', ({ data }) => resolve(data), { once: true })
        worker.addEventListener('error', failed, { once: true })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
        worker.postMessage(task)
      })
  }
}
