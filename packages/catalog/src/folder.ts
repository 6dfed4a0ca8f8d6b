/**
 * Folders of files to share, read once or watched. Node only.
 *
 * ```ts
 * import { scanFolder } from '@peerage/catalog/folder'
 *
 * for await (const file of scanFolder('music', { exclude: ['*.part', 'drafts/'] })) {
 *   console.log(file.relative, file.size)
 * }
 * ```
 *
 * @module
 */
export { FolderError, type FolderTrouble } from './folder/folder-error.ts'
export type { FileChange, FolderOptions, FoundFile, WatchOptions } from './folder/options.ts'
export { scanFolder } from './folder/scan.ts'
export { watchFolder } from './folder/watch.ts'
