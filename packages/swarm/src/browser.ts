/**
 * @packageDocumentation
 *
 * Torrents kept by a browser, so that a page that is loaded again goes on where it was. A browser
 * may throw it all away when the disk is full, unless the page has asked it to keep it by
 * `navigator.storage.persist()`.
 *
 * @example
 *
 * ```ts
 * import { browserStorage } from '@peerage/swarm/browser'
 *
 * const transfer = await node.services.swarm.add(link, { storage: browserStorage })
 * ```
 */

import type { Torrent } from './codec/metainfo.ts'
import { indexedDbStorage, type BrowserStorageInit } from './storage/browser/indexed-db.ts'
import { hasSyncAccess, opfsStorage } from './storage/browser/opfs.ts'
import type { Storage } from './storage/storage.ts'

/**
 * The best storage there is here: the origin private file system in dedicated workers, IndexedDB
 * elsewhere. The two do not find what the other kept: let one kind of place run the swarm.
 *
 * @throws {StorageError} it cannot be opened
 */
export function browserStorage(torrent: Torrent, init: BrowserStorageInit = {}): Promise<Storage> {
  return hasSyncAccess() ? opfsStorage(torrent, init) : indexedDbStorage(torrent, init)
}

export { indexedDbStorage, type BrowserStorageInit } from './storage/browser/indexed-db.ts'
export { opfsStorage } from './storage/browser/opfs.ts'
