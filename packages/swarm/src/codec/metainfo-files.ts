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
}

/** What a torrent says about its files. */
export interface Listing {
  readonly name: string
  readonly length: number
  readonly files: readonly TorrentFile[]
}

/** A file as it was written down. */
interface Entry extends RawPath {
  readonly length: number
}

/** The files of an info dictionary, in one of its two shapes: one file, or a folder of them. */
export function readFiles(info: BencodeDictionary): Listing | TorrentError {
  const name = info['name.utf-8'] ?? info['name']
  if (!(name instanceof Uint8Array)) return missing('name', name)
  const entries = readEntries(info, name)
  if (entries instanceof TorrentError) return entries
  const paths = readPaths([...entries, { parts: [name], pad: true }])
  if (paths instanceof TorrentError) return paths
  const files: TorrentFile[] = []
  let offset = 0
  for (const [index, { length, pad }] of entries.entries()) {
    files.push({ path: paths[index]!, length, offset, pad })
    offset += length
    if (!Number.isSafeInteger(offset)) return refuse('length', 'the files add up to more than 2^53')
  }
  if (offset === 0) return refuse('empty', 'the torrent has no bytes in it: nothing to fetch')
  return { name: paths.at(-1)![0]!, length: offset, files }
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

function readEntry(file: BencodeDictionary, parts: readonly Uint8Array[]): Entry | TorrentError {
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
