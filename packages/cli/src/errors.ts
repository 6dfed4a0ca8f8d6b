/** The command line is not understood; the message says which part, and what was meant perhaps. */
export class UsageError extends Error {
  static override name = 'UsageError'
  override name = 'UsageError'
}

/** A search without hits, or something that nobody seems to have. */
export class NothingFoundError extends Error {
  static override name = 'NothingFoundError'
  override name = 'NothingFoundError'
}

/** None of the peers named by `--join` could be reached. */
export class NotJoinedError extends Error {
  static override name = 'NotJoinedError'
  override name = 'NotJoinedError'
}

/** The folder for our own data cannot be used. */
export class DataFolderError extends Error {
  static override name = 'DataFolderError'
  override name = 'DataFolderError'
}
