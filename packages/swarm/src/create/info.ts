import { aligned, padPath } from '../codec/alignment.ts'
import { encodeBencode, type BencodeInput } from '../codec/bencode-encode.ts'
import { binaryString } from '../codec/bytes.ts'
import { hashLength } from '../codec/merkle.ts'
import type { Plan, SourceFile } from './init.ts'
import { TorrentError } from '../errors.ts'

/** What hashing found. */
export interface Hashes {
  /** version 1's, 20 bytes a piece */
  readonly pieces: Uint8Array
  /** version 2's; an empty file has none. A layer is only written down when it has more than a piece */
  readonly trees: ReadonlyMap<SourceFile, { readonly root: Uint8Array; readonly layer: Uint8Array }>
}

type Dictionary = Record<string, BencodeInput | undefined>

/** The `.torrent` file. */
export function encodeTorrent(plan: Plan, hashes: Hashes): Uint8Array {
  return encodeBencode({
    announce: plan.trackers?.[0]?.[0],
    'announce-list': plan.trackers,
    info: infoOf(plan, hashes),
    'piece layers': plan.version === 1 ? undefined : layersOf(hashes)
  })
}

/** The info dictionary with hashes that stand in for the real ones: enough to check all the rest. */
export function encodeInfo(plan: Plan): Uint8Array {
  const { pieceLength, version, files } = plan
  const listed = version === 1 ? files : padded(plan)
  const length = listed.reduce((sum, file) => sum + file.length, 0)
  const stand = { root: new Uint8Array(hashLength).fill(1), layer: new Uint8Array() }
  try {
    return encodeBencode(
      infoOf(plan, {
        pieces: new Uint8Array(Math.ceil(length / pieceLength) * 20),
        trees: new Map(files.map((file) => [file, stand]))
      })
    )
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new TorrentError('path-deep', `folders lie too deep: ${error.message}`, { cause: error })
  }
}

/** BEP 52's order: of the names' bytes, folder by folder. */
export function inTreeOrder(files: readonly SourceFile[]): SourceFile[] {
  const keyed = files.map((file) => ({ file, keys: file.path.map(keyOf) }))
  keyed.sort((a, b) => compare(a.keys, b.keys))
  return keyed.map(({ file }) => file)
}

function infoOf(plan: Plan, { pieces, trees }: Hashes): BencodeInput {
  const { name, pieceLength, version } = plan
  return {
    ...(version !== 2 && { ...listOf(plan), pieces }),
    ...(version !== 1 && { 'file tree': treeOf(plan, trees), 'meta version': 2 }),
    name,
    'piece length': pieceLength,
    private: plan.private === true ? 1 : undefined
  }
}

/** Version 1's files. */
function listOf(plan: Plan): Dictionary {
  const [only] = plan.files
  if (isOne(plan)) return { length: only!.length }
  const files = plan.version === 1 ? plan.files : padded(plan)
  return { files: files.map(({ path, length, ...pad }) => ({ path, length, ...pad })) }
}

/** A hybrid's files with the padding between them, and behind the last, as libtorrent has it. */
function padded(plan: Plan): (SourceFile & { readonly attr?: 'p' })[] {
  if (isOne(plan)) return [...plan.files]
  const pad = (length: number) => ({ path: padPath(length), length, attr: 'p' as const })
  const files = plan.files.map(({ path, length }) => ({ path, length }))
  return [...aligned(files, plan.pieceLength, pad, true)]
}

function isOne({ files }: Plan): boolean {
  return files.length === 1 && files[0]!.path.length === 0
}

/** Version 2's files. */
function treeOf(plan: Plan, trees: Hashes['trees']): Dictionary {
  const tree = Object.create(null) as Dictionary
  for (const file of plan.files) {
    const path = isOne(plan) ? [plan.name] : file.path
    let folder = tree
    for (const part of path) {
      const next = (folder[keyOf(part)] ??= Object.create(null) as Dictionary)
      folder = next as Dictionary
    }
    if ('' in folder) throw twin(path)
    const root = file.length === 0 ? undefined : trees.get(file)?.root
    folder[''] = { length: file.length, 'pieces root': root }
  }
  return tree
}

/** In a tree the second of two would take the first one's place, and nobody could tell. */
function twin(path: readonly string[]): TorrentError {
  return new TorrentError('path-twin', `unsafe file name: "${path.join('/')}" is there twice`)
}

function layersOf({ trees }: Hashes): BencodeInput {
  const layers = Object.create(null) as Dictionary
  for (const { root, layer } of trees.values()) {
    if (layer.length > hashLength) layers[binaryString(root)] = layer
  }
  return layers
}

function keyOf(part: string): string {
  return binaryString(new TextEncoder().encode(part))
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, key] of a.entries()) {
    const other = b[index]
    if (other === undefined || key > other) return 1
    if (key < other) return -1
  }
  return a.length - b.length
}
