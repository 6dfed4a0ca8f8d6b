import { limits } from '../limits.ts'
import { Notices } from './notices.ts'
import type { FileChange, WatchOptions } from './options.ts'
import { SharedFolder, top } from './shared-folder.ts'
import { type Errand, WatchedFolder } from './watched-folder.ts'

/**
 * The files of a folder that are to be shared, and whatever happens to them: first each file there
 * is as `added`, then changes as they come, until the signal aborts or the loop is left. A file that
 * is renamed is `removed` and `added`; one that takes long to write may be `changed` several times.
 *
 * Drives on a network tell of no changes made elsewhere; scan those again from time to time.
 *
 * @throws FolderError when the folder is missing, cannot be read, or goes away later
 * @throws the signal's reason
 */
export async function* watchFolder(
  path: string,
  options: WatchOptions = {}
): AsyncGenerator<FileChange, void, void> {
  const folder = await SharedFolder.open(path, options)
  const notices = new Notices(options.settle ?? limits.settle)
  const watched = new WatchedFolder(folder, notices)
  const close = (): void => watched.close()
  // also when nobody asks for another change
  options.signal?.addEventListener('abort', close, { once: true })
  try {
    let errands: readonly Errand[] = watched.everywhere()
    for (;;) {
      for await (const change of watched.look(errands)) {
        options.signal?.throwIfAborted()
        yield change
      }
      errands = await notices.take(options.signal)
      if (touchRules(errands) && (await folder.reloadRules())) errands = watched.everywhere()
    }
  } finally {
    options.signal?.removeEventListener('abort', close)
    close()
  }
}

/** The ignore file is no shared file, so a change to it is one of `anything` at the top. */
function touchRules(errands: readonly Errand[]): boolean {
  return errands.some(([folder, changed]) => folder === top && changed === 'anything')
}
