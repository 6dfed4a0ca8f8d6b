/** Why a folder, or a part of one, cannot be shared. */
export type FolderTrouble =
  | 'missing'
  | 'not a folder'
  | 'unreadable'
  | 'not watched'
  | 'unusable name'

/** A folder cannot be read or watched; the message says which and what to do about it. */
export class FolderError extends Error {
  static override name = 'FolderError'
  override name = 'FolderError'
  /** absolute, or as it was given when that leads nowhere */
  readonly path: string
  readonly trouble: FolderTrouble

  constructor(path: string, trouble: FolderTrouble, cause?: unknown) {
    super(`${explain(path, trouble)}${reason(cause)}`, { cause })
    this.path = path
    this.trouble = trouble
  }
}

/** The error that stands for what the file system said about a path. */
export function folderError(path: string, cause: unknown): FolderError {
  const code = codeOf(cause)
  if (code === 'ENOENT') return new FolderError(path, 'missing', cause)
  if (code === 'ENOTDIR') return new FolderError(path, 'not a folder', cause)
  return new FolderError(path, 'unreadable', cause)
}

/** The file system's code for an error, such as `EACCES`. */
export function codeOf(cause: unknown): string | undefined {
  const code = (cause as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

function explain(path: string, trouble: FolderTrouble): string {
  switch (trouble) {
    case 'missing':
      return `there is no folder ${path}; check its spelling, or whether its drive is connected`
    case 'not a folder':
      return `${path} is not a folder; share the folder it is in`
    case 'unreadable':
      return `${path} cannot be read; check its permissions`
    case 'not watched':
      return `${path} is not watched, so later changes in it go unnoticed; watch fewer folders or raise the system's limit`
    case 'unusable name':
      return `the name of ${path} is not valid text, so it cannot be shared; rename it`
  }
}

function reason(cause: unknown): string {
  const code = codeOf(cause)
  return code === undefined ? '' : ` (${code})`
}
