/**
 * @packageDocumentation
 *
 * What every `Storage` has to do, as checks for any test runner: each has a name, and `run`
 * rejects when the storage breaks its word. {@link storageChecks} are for all; {@link resumeChecks}
 * for those that remember what was verified, and open what they kept when made again.
 *
 * @example
 *
 * ```ts
 * import { resumeChecks, storageChecks } from '@peerage/swarm/storage-compliance'
 * import { test } from 'node:test'
 *
 * for (const { name, run } of [...storageChecks, ...resumeChecks]) {
 *   test(name, () => run((torrent, place) => myStorage(torrent, `scratch/${place}`)))
 * }
 * ```
 */

import { byteChecks } from './storage/compliance/bytes.ts'
import type { StorageCheck } from './storage/compliance/check.ts'
import { lifeChecks } from './storage/compliance/life.ts'

/** What any storage promises, one that remembers nothing included. */
export const storageChecks: readonly StorageCheck[] = [...byteChecks, ...lifeChecks]

export { resumeChecks } from './storage/compliance/resume.ts'
export type { MakeStorage, StorageCheck } from './storage/compliance/check.ts'
