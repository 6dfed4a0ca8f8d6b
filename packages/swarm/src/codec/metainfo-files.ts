import { TorrentError } from '../errors.ts'
import type { Bencode, BencodeDictionary } from './bencode.ts'
import { isDictionary, missing, refuse } from './fields.ts'
import { readPaths, type RawPath } from './paths.ts'

/** One file of a torrent, in the order in which the pieces run through them. */
export interface TorrentFile {
  /**
   * Folders and name, below the folder one downloads to; checked to stay there. With several files
   * the first part is the torrent's name.
   */
  readonly path: readonly string[]
  /** bytes */
  readonly length: number
  /** where it begins in the torrent's one flat range */
  readonly offset: number
  /** fills up a piece (BEP 47): reads as zeros and is never written */
  readonly pad: boolean
  /** version 2: the root of the file's hash tree, 32 bytes; an empty file has none */
  readonly piecesRoot?: Uint8Array
  /**
   * Version 2: the hashes in that tree that cover one piece each, 32 bytes a piece, checked against
   * the root. Only of a file longer than a piece, and only when they are known: they are in the
   * `.torrent` file, and not in the info dictionary.
   */
  readonly pieceLayer?: Uint8Array
}

/** What a torrent says about its files. */
export interface Listing {
  readonly name: string
  /** bytes of the flat range, with all padding */
  readonly extent: number
  readonly files: readonly TorrentFile[]
}

/** A file as it was written down. */
export interface Entry extends RawPath {
  readonly length: number
  readonly piecesRoot?: Uint8Array | undefined
}

/** The files of a version 1 info dictionary, in one of its two shapes: one file, or a folder. */
export function readFiles(info: BencodeDictionary): Listing | TorrentError {
  const name = readName(info)
  if (name instanceof TorrentError) return name
  const entries = readEntries(info, name)
  return entries instanceof TorrentError ? entries : listFiles(name, entries)
}

/** The torrent's name as it was written down. */
export function readName(info: BencodeDictionary): Uint8Array | TorrentError {
  const name = info['name.utf-8'] ?? info['name']
  return name instanceof Uint8Array ? name : missing('name', name)
}

/** Files end to end, their paths checked. */
export function listFiles(name: Uint8Array, entries: readonly Entry[]): Listing | TorrentError {
  const paths = readPaths([...entries, { parts: [name], pad: true }])
  if (paths instanceof TorrentError) return paths
  const files: TorrentFile[] = []
  let offset = 0
  for (const [index, { length, pad, piecesRoot }] of entries.entries()) {
    files.push({ path: paths[index]!, length, offset, pad, ...(piecesRoot && { piecesRoot }) })
    offset += length
    if (!Number.isSafeInteger(offset)) return refuse('length', 'the files add up to more than 2^53')
  }
  if (offset === 0) return refuse('empty', 'the torrent has no bytes in it: nothing to fetch')
  return { name: paths.at(-1)![0]!, extent: offset, files }
}

function readEntries(info: BencodeDictionary, name: Uint8Array): Entry[] | TorrentError {
  const { files } = info
  if (files === undefined) {
    const only = readEntry(info, [name])
    return only instanceof TorrentError ? only : [only]
  }
  if (!Array.isArray(files)) return missing('files', files)
  if (info['length'] !== undefined) {
    return refuse('field-type', 'the torrent says it is one file and also that it is many')
  }
  const entries: Entry[] = []
  for (const file of files) {
    if (!isDictionary(file)) return missing('files', file)
    const path = file['path.utf-8'] ?? file['path']
    if (!isPath(path)) return missing('path', path)
    if (path.length === 0) return refuse('path-empty', 'a file has no name')
    const entry = readEntry(file, [name, ...path])
    if (entry instanceof TorrentError) return entry
    entries.push(entry)
  }
  return entries
}

/** What versions 1 and 2 say alike about a file. */
export function readEntry(
  file: BencodeDictionary,
  parts: readonly Uint8Array[]
): Entry | TorrentError {
  const { length, attr } = file
  if (typeof length !== 'number') return missing('length', length)
  if (length < 0) return refuse('length', `a file of ${length} bytes`)
  if (attr !== undefined && !(attr instanceof Uint8Array)) return missing('attr', attr)
  // BEP 47: h hidden, x executable, p padding, l symbolic link
  const flags = String.fromCharCode(...(attr?.subarray(0, 16) ?? []))
  if (flags.includes('l') || file['symlink path'] !== undefined) {
    return refuse('path-symlink', 'the torrent has a symbolic link in it; nothing was written')
  }
  return { parts, length, pad: flags.includes('p') }
}

function isPath(value: Bencode | undefined): value is Uint8Array[] {
  return Array.isArray(value) && value.every((part) => part instanceof Uint8Array)
}
