import { sameBytes } from './codec/bytes.ts'
import { rootOf } from './codec/merkle.ts'
import type { Torrent } from './codec/metainfo.ts'
import type { PieceTree } from './codec/piece-trees.ts'
import { blockHashes, sha1, sha256 } from './hash.ts'

/**
 * What the hashes say of a piece's bytes: by SHA-1 in version 1, by the piece's hash tree in version
 * 2. In a hybrid both must be right, or its swarm would split. A piece of which no hash is known is
 * wrong. One that is right by one version and wrong by the other is not its sender's fault: whoever
 * made the torrent hashed other bytes for each (BEP 52 asks to give it up).
 */
export type PieceVerdict = 'right' | 'wrong' | 'contradictory'

/** @param bytes the whole piece, a hybrid's padding included */
export async function judgePiece(
  torrent: Torrent,
  index: number,
  bytes: Uint8Array
): Promise<PieceVerdict> {
  const hash = torrent.pieceHash(index)
  const tree = torrent.pieceTree(index)
  if (bytes.length !== torrent.pieceSize(index)) return 'wrong'
  const first = hash && sameBytes(await sha1(bytes), hash)
  // the trees of a hybrid are looked at for a wrong piece, too: a wrong one is rare
  const second = tree && (await hasRoot(bytes, tree))
  if (first !== undefined && second !== undefined && first !== second) return 'contradictory'
  return (first ?? second) === true ? 'right' : 'wrong'
}

/**
 * Whether these are a piece's bytes, by every hash that is known of it.
 *
 * @param bytes the whole piece, a hybrid's padding included
 */
export async function checkPiece(
  torrent: Torrent,
  index: number,
  bytes: Uint8Array
): Promise<boolean> {
  return (await judgePiece(torrent, index, bytes)) === 'right'
}

async function hasRoot(bytes: Uint8Array, { root, length, width }: PieceTree): Promise<boolean> {
  const leaves = await blockHashes(bytes.subarray(0, length))
  return sameBytes(rootOf(leaves, sha256, { width }), root)
}
