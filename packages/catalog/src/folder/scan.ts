import type { FolderOptions, FoundFile } from './options.ts'
import { SharedFolder, top } from './shared-folder.ts'

/**
 * Every file of a folder that is to be shared, once: a folder's own files by name, then those of
 * its sub-folders. Hidden files, symbolic links and what is not a plain file are left out.
 *
 * @throws FolderError when the folder is missing or cannot be read, at the first file asked for
 */
export async function* scanFolder(
  path: string,
  options: FolderOptions = {}
): AsyncGenerator<FoundFile, void, void> {
  yield* scan(await SharedFolder.open(path, options), options.signal)
}

/** The files of a folder that is open already. */
export async function* scan(
  folder: SharedFolder,
  signal?: AbortSignal
): AsyncGenerator<FoundFile, void, void> {
  const pending = [top]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { files, folders } = await folder.list(next)
    for (const file of files) {
      signal?.throwIfAborted()
      yield file
    }
    for (const found of folders.toReversed()) pending.push(found)
  }
}
