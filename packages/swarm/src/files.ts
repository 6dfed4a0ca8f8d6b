/**
 * @packageDocumentation
 *
 * The part of swarm that needs Node: torrents kept in files, and made from files.
 *
 * @example
 *
 * ```ts
 * import { createTorrentFromPath, fileStorage } from '@peerage/swarm/files'
 *
 * const { torrent, folder } = await createTorrentFromPath('photos')
 * const storage = fileStorage(torrent, folder, { journal: '.peerage' })
 * ```
 */

export {
  createTorrentFromPath,
  type CreateFromPathInit,
  type CreatedFromPath
} from './create/from-path.ts'
export { fileStorage, type FileStorage, type FileStorageInit } from './storage/file-storage.ts'
export type { FileState } from './storage/recheck.ts'
export type { CheckProgress } from './storage/spot-check.ts'
export {
  openResume,
  type ResumableStorage,
  type Resume,
  type ResumeInit
} from './storage/resume.ts'
