import { cleanText } from './clean-text.ts'
import { exitCodes } from './exit-codes.ts'

/** An error as the user hears of it. */
export interface PlainWords {
  /** one line: what happened, to what, and what to do next */
  readonly message: string
  /** what the command ends with */
  readonly code: number
}

/** Errors of ours and of libp2p whose message is a plain line already. */
const plain = new Set([
  'CatalogFullError',
  'DataFolderError',
  'DiskFullError',
  'FolderError',
  'IdentityError',
  'InvalidItemError',
  'InvalidTargetError',
  'JoinError',
  'ListenError',
  'MagnetError',
  'NotJoinedError',
  'ServeError',
  'StorageError',
  'TorrentError',
  'TrackerUrlError'
])

const misused = new Set(['UsageError', 'QueryTooLongError', 'InvalidParametersError'])

/** What the system's codes mean to somebody who has never met them. */
const systemCodes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check its spelling',
  ENOTDIR: 'a part of that path is not a folder; check its spelling',
  EISDIR: 'that is a folder, and a file is needed',
  EACCES: 'this user may not; check its permissions',
  EPERM: 'this user may not; check its permissions',
  ENOSPC: 'the disk is full; free some space and run the same command again',
  EDQUOT: 'your share of the disk is full; free some space and run the same command again',
  EROFS: 'the disk is read-only; choose another folder',
  EMFILE: 'too many files are open; raise the limit with "ulimit -n"',
  EADDRINUSE: 'the port is in use; choose another one with --port'
}

/** The one line for an error. */
export function plainWords(error: unknown, signal?: AbortSignal): PlainWords {
  const { name = 'Error', message = String(error), code, path } = fieldsOf(error)
  if (signal?.aborted === true && (name === 'AbortError' || error === signal.reason)) {
    return { message: 'stopped', code: exitCodes.interrupted }
  }
  if (misused.has(name)) return { message: oneLine(message), code: exitCodes.usage }
  if (name === 'NothingFoundError') {
    return { message: oneLine(message), code: exitCodes.nothingFound }
  }
  if (plain.has(name)) return { message: oneLine(message), code: exitCodes.failed }
  const reason = systemCodes[code ?? '']
  if (reason !== undefined) {
    const about = path === undefined ? '' : `${path}: `
    return { message: oneLine(`${about}${reason} (${code})`), code: exitCodes.failed }
  }
  const advice = 'this is not expected; please report it with the output of DEBUG=peerage:*,*:error'
  return { message: oneLine(`${name}: ${message}; ${advice}`), code: exitCodes.failed }
}

interface ErrorFields {
  name?: string
  message?: string
  code?: string
  path?: string
}

function fieldsOf(error: unknown): ErrorFields {
  return typeof error === 'object' && error !== null ? error : {}
}

function oneLine(text: string): string {
  return cleanText(text.replaceAll(/\s*\n\s*/g, ' '))
}
