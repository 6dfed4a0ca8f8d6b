import { TorrentError } from '../errors.ts'
import type { Bencode } from './bencode.ts'
import { binaryString, sameBytes } from './bytes.ts'
import { isDictionary, missing, refuse } from './fields.ts'
import { blockLength, hashLength, rootOf, type Hash } from './merkle.ts'
import type { TorrentFile } from './metainfo-files.ts'

/**
 * Gives every file longer than a piece the hashes of its pieces, checked against its root. They lie
 * beside the info dictionary and are not covered by the info-hash (BEP 52). Layers that no file
 * needs are left out.
 */
export function readLayers(
  layers: Bencode | undefined,
  files: readonly TorrentFile[],
  pieceLength: number,
  hash: Hash
): TorrentFile[] | TorrentError {
  if (layers !== undefined && !isDictionary(layers)) return missing('piece layers', layers)
  const height = Math.log2(pieceLength / blockLength)
  const complete: TorrentFile[] = []
  for (const file of files) {
    if (!needsLayer(file, pieceLength)) {
      complete.push(file)
      continue
    }
    const pieceLayer = layers?.[binaryString(file.piecesRoot)]
    const fault = check(pieceLayer, file, pieceLength)
    if (fault !== undefined) return fault
    const known = pieceLayer as Uint8Array
    if (!sameBytes(rootOf(known, hash, { height }), file.piecesRoot)) {
      return refuse('layer-root', `${show(file)}: the hashes of its pieces do not make its root`)
    }
    complete.push({ ...file, pieceLayer: known.slice() })
  }
  return complete
}

/** Whether a file has a root and more than one piece under it. */
export function needsLayer(
  file: TorrentFile,
  pieceLength: number
): file is TorrentFile & { piecesRoot: Uint8Array } {
  return file.piecesRoot !== undefined && file.length > pieceLength
}

function check(
  layer: Bencode | undefined,
  file: TorrentFile,
  pieceLength: number
): TorrentError | undefined {
  if (layer === undefined) {
    return refuse('layer-missing', `${show(file)}: the hashes of its pieces are not there`)
  }
  if (!(layer instanceof Uint8Array)) return missing('piece layers', layer)
  const count = Math.ceil(file.length / pieceLength)
  if (layer.length === count * hashLength) return undefined
  return refuse(
    'layer-size',
    `${show(file)}: ${count} pieces, but there are ${layer.length} bytes of their hashes`
  )
}

function show(file: TorrentFile): string {
  return `"${file.path.join('/')}"`
}
