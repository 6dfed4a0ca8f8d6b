import { TorrentError } from '../errors.ts'
import { aligned, padPath } from './alignment.ts'
import type { BencodeDictionary } from './bencode.ts'
import { bytesOf } from './bytes.ts'
import { isDictionary, missing, refuse } from './fields.ts'
import { hashLength } from './merkle.ts'
import { listFiles, readEntry, readName, type Entry, type Listing } from './metainfo-files.ts'

/**
 * The files of a version 2 info dictionary (BEP 52), each at the beginning of a piece; the gaps are
 * listed as padding.
 */
export function readFileTree(info: BencodeDictionary, pieceLength: number): Listing | TorrentError {
  const name = readName(info)
  if (name instanceof TorrentError) return name
  const tree = info['file tree']
  if (!isDictionary(tree)) return missing('file tree', tree)
  const root = isOneFile(info, tree) ? [] : [name]
  const entries: Entry[] = []
  const fault = walk(tree, root, entries)
  if (fault !== undefined) return fault
  const pad = (length: number): Entry => ({
    parts: [name, ...padPath(length).map(bytesOf)],
    length,
    pad: true
  })
  return listFiles(name, [...aligned(entries, pieceLength, pad, false)])
}

/** One file needs no folder, and has none (as libtorrent reads it); a hybrid says it once more. */
function isOneFile(info: BencodeDictionary, tree: BencodeDictionary): boolean {
  const [only, ...others] = Object.values(tree)
  return info['files'] === undefined && others.length === 0 && isDictionary(only) && '' in only
}

/** In the order of the keys' bytes, which is not the order JavaScript keeps numbers in. */
function walk(
  tree: BencodeDictionary,
  parts: readonly Uint8Array[],
  entries: Entry[]
): TorrentError | undefined {
  const keys = Object.keys(tree).sort()
  if (keys.length === 0) return refuse('file-tree', 'the file tree has an empty folder in it')
  for (const key of keys) {
    if (key === '') return refuse('file-tree', 'the file tree has a file that is a folder, too')
    const value = tree[key]
    if (!isDictionary(value)) return missing('file tree', value)
    const path = [...parts, bytesOf(key)]
    const fault = isFile(value) ? plant(value[''], path, entries) : walk(value, path, entries)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isFile(value: BencodeDictionary): value is { '': BencodeDictionary } {
  return Object.keys(value).length === 1 && isDictionary(value[''])
}

function plant(
  file: BencodeDictionary,
  parts: readonly Uint8Array[],
  entries: Entry[]
): TorrentError | undefined {
  const entry = readEntry(file, parts)
  if (entry instanceof TorrentError) return entry
  if (entry.pad) return refuse('file-tree', 'version 2 has no padding, yet a file says it is some')
  const piecesRoot = entry.length === 0 ? undefined : file['pieces root']
  if (entry.length > 0) {
    if (!(piecesRoot instanceof Uint8Array)) return missing('pieces root', piecesRoot)
    if (piecesRoot.length !== hashLength) {
      return refuse('pieces-root', `a pieces root of ${piecesRoot.length} bytes, not ${hashLength}`)
    }
    if (piecesRoot.every((byte) => byte === 0)) {
      return refuse('pieces-root', 'a pieces root of zeros, which no file has')
    }
    entries.push({ ...entry, piecesRoot })
  } else entries.push(entry)
  return undefined
}
