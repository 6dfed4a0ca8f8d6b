import { DiskFullError, StorageError } from '../errors.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not; check the rights of the file and its folder',
  EPERM: 'this user may not; check the rights of the file and its folder',
  EROFS: 'the disk is read-only; choose another folder',
  ENOENT: 'it is not there; was it moved or deleted?',
  ENOTDIR: 'a file is in the place of its folder; move it away',
  EISDIR: 'a folder is in its place; move it away',
  EEXIST: 'something else is in its place; move it away',
  ELOOP: 'a symbolic link is in its place, and those are not followed; replace it by the file',
  EMLINK: 'a symbolic link is in its place, and those are not followed; replace it by the file',
  EIO: 'the disk failed; check it before you go on',
  EMFILE: 'too many files are open; close some, or raise the limit',
  ENFILE: 'too many files are open; close some, or raise the limit',
  EFBIG: 'files of this size do not fit on this file system; choose another folder',
  ENAMETOOLONG: 'the path is too long for this file system; choose a shorter folder',
  EBUSY: 'another program holds it',
  ETXTBSY: 'another program runs it',
  // a browser's
  NoModificationAllowedError: 'another tab or worker has it open; close that',
  InvalidStateError: 'it is closed',
  EINVAL: 'this file system does not take such a name; choose another folder'
}

/** What the system said, in plain words: which file, what happened, what to do next. */
export function explain(
  cause: unknown,
  doing: 'read' | 'write' | 'create' | 'sync',
  path: string
): Error {
  if (cause instanceof StorageError || cause instanceof DiskFullError) return cause
  const { code = '', name = '' } = cause as { code?: string; name?: string }
  if (name === 'AbortError') return cause as Error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const full = code === 'ENOSPC' ? 'the disk is full' : 'your share of the disk is full'
    return new DiskFullError(`cannot ${doing} "${path}": ${full}; free some space`, { cause })
  }
  if (name === 'QuotaExceededError') {
    const full = 'the browser gives this site no more room'
    return new DiskFullError(`cannot ${doing} "${path}": ${full}; free some space`, { cause })
  }
  const reason =
    reasons[code] ?? reasons[name] ?? (cause instanceof Error ? cause.message : String(cause))
  return new StorageError(`cannot ${doing} "${path}": ${reason}`, { cause })
}
