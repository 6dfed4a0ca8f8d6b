import { sameBytes } from './codec/bytes.ts'
import { rootOf } from './codec/merkle.ts'
import type { Torrent } from './codec/metainfo.ts'
import { blockHashes, sha1, sha256 } from './hash.ts'

/**
 * Whether these are a piece's bytes: by SHA-1 in version 1, by the piece's hash tree in version 2,
 * and in a hybrid by both, for a piece that is right by one and wrong by the other would split its
 * swarm. A piece of which no hash is known is not right.
 *
 * @param bytes the whole piece, a hybrid's padding included
 */
export async function checkPiece(
  torrent: Torrent,
  index: number,
  bytes: Uint8Array
): Promise<boolean> {
  const hash = torrent.pieceHash(index)
  const tree = torrent.pieceTree(index)
  if (bytes.length !== torrent.pieceSize(index)) return false
  if (hash !== undefined && !sameBytes(await sha1(bytes), hash)) return false
  if (tree === undefined) return hash !== undefined
  const { root, length, width } = tree
  const leaves = await blockHashes(bytes.subarray(0, length))
  return sameBytes(rootOf(leaves, sha256, { width }), root)
}
