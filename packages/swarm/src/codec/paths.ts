import { TorrentError, type PathFault } from '../errors.ts'
import { limits } from '../limits.ts'
import { hasUnseen, printable, readText } from './text.ts'

/** A path as a stranger wrote it. */
export interface RawPath {
  /** folders, then the file's name, in UTF-8 */
  readonly parts: readonly Uint8Array[]
  /** padding is never written, so its name may repeat */
  readonly pad: boolean
}

/**
 * The only way from bytes to the path of a file. `.torrent` files, metadata from peers and torrents
 * of our own all pass here: checking one entrance and forgetting the other is how clients came to
 * write anywhere on the disk.
 *
 * What is refused is refused on every system, so that a torrent means the same files everywhere.
 */
export function readPaths(raw: readonly RawPath[]): string[][] | TorrentError {
  const tree: Tree = new Map()
  const paths: string[][] = []
  for (const { parts, pad } of raw) {
    const path = readPath(parts)
    if (path instanceof TorrentError) return path
    const clash = pad ? undefined : plant(tree, path)
    if (clash !== undefined) return clash
    paths.push(path)
  }
  return paths
}

function readPath(parts: readonly Uint8Array[]): string[] | TorrentError {
  if (parts.length === 0) return refuse('path-empty', '', 'a file has no name')
  if (parts.length > limits.metainfo.pathParts) {
    const [last = new Uint8Array()] = parts.slice(-1)
    return refuse('path-deep', show(last), `lies deeper than ${limits.metainfo.pathParts} folders`)
  }
  const path: string[] = []
  for (const bytes of parts) {
    const part = readPart(bytes)
    if (part instanceof TorrentError) return part
    path.push(part)
  }
  return path
}

function readPart(bytes: Uint8Array): string | TorrentError {
  if (bytes.length === 0) return refuse('path-empty', '', 'a part of a path is empty')
  if (bytes.length > limits.metainfo.pathPart) {
    return refuse('path-long', show(bytes), `is longer than ${limits.metainfo.pathPart} bytes`)
  }
  const text = readText(bytes)
  if (text === undefined) return refuse('path-utf8', show(bytes), 'is not UTF-8')
  const objection = rules.find(([, , applies]) => applies(text))
  return objection === undefined ? text : refuse(objection[0], text, objection[1])
}

/** In this order: the first that applies names the trick best. */
const rules: readonly (readonly [PathFault, string, (part: string) => boolean])[] = [
  ['path-dots', 'points at a folder, not at a name', (part) => part === '.' || part === '..'],
  ['path-absolute', 'is an absolute path', (part) => /^(?:[/\\]|[A-Za-z]:)/.test(part)],
  ['path-separator', 'has a slash or backslash inside', (part) => /[/\\]/.test(part)],
  ['path-control', 'has control characters inside', hasUnseen],
  ['path-reserved', 'is the name of a device on Windows', isDevice],
  // Windows drops them, so two names become one
  ['path-trailing', 'ends in a dot or a space', (part) => /[. ]$/.test(part)]
]

// with any extension and with spaces before it: `con .txt` opens the console
const devices = new Set(['con', 'prn', 'aux', 'nul', 'conin$', 'conout$', 'clock$'])

function isDevice(part: string): boolean {
  const [stem = ''] = part.split('.', 1)
  const name = stem.trimEnd().toLowerCase()
  return devices.has(name) || /^(?:com|lpt)[0-9¹²³]$/.test(name)
}

/** Folders by folded name; null is a file. A tree, so that it grows with the input and no faster. */
type Tree = Map<string, Tree | null>

function plant(tree: Tree, path: readonly string[]): TorrentError | undefined {
  let folder = tree
  for (const [depth, part] of path.entries()) {
    const name = fold(part)
    const there = folder.get(name)
    const isFile = depth === path.length - 1
    if (isFile && there === null) {
      return refuse(
        'path-twin',
        path.join('/'),
        'is there twice, or differs only in case or accents'
      )
    }
    if (there === null || (isFile && there !== undefined)) {
      return refuse('path-clash', path.join('/'), 'would have to be both a file and a folder')
    }
    const next: Tree = there ?? new Map<string, Tree | null>()
    if (there === undefined) folder.set(name, isFile ? null : next)
    folder = next
  }
  return undefined
}

/**
 * What a file system that ignores case and accents' spelling compares. Upper case first: it is what
 * makes `ß` and `ss` one. HFS+ also ignores what cannot be seen, such as U+200C.
 */
function fold(part: string): string {
  const seen = part.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return seen.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function refuse(fault: PathFault, name: string, reason: string): TorrentError {
  const subject = name === '' ? '' : `"${printable(name)}" `
  return new TorrentError(fault, `unsafe file name: ${subject}${reason}; nothing was written`)
}

function show(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, limits.metainfo.pathPart))
}
