import type { FolderError } from './folder-error.ts'

/** A file in a shared folder. */
export interface FoundFile {
  /** absolute */
  readonly path: string
  /** below the shared folder, with `/` between its parts on every system */
  readonly relative: string
  /** bytes */
  readonly size: number
  /** when it was last written, in milliseconds since 1970 */
  readonly modified: number
}

export interface FolderOptions {
  /**
   * what to leave out, in the syntax of `.gitignore`, upper and lower case alike; rules in a
   * `.peerageignore` file at the top of the folder are added to these
   *
   * @default []
   */
  readonly exclude?: readonly string[] | undefined
  /**
   * whether files and folders whose names begin with a dot are shared
   *
   * @default false
   */
  readonly hidden?: boolean | undefined
  /** hears of parts that had to be left out, such as a sub-folder that may not be read */
  readonly onProblem?: ((problem: FolderError) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WatchOptions extends FolderOptions {
  /**
   * how long a folder stays quiet before its changes are reported, in milliseconds
   *
   * @default 200
   */
  readonly settle?: number | undefined
}

/** What happened to a file in a watched folder. */
export interface FileChange {
  readonly type: 'added' | 'changed' | 'removed'
  /** as it is now; for `removed`, as it last was */
  readonly file: FoundFile
}
