import type { TorrentError } from '../errors.ts'
import { refuse } from './fields.ts'
import type { Listing, TorrentFile } from './metainfo-files.ts'

/**
 * A hybrid describes its files twice, once for each version, and clients of both share one swarm:
 * what differs would poison one of them (BEP 52, "upgrade path"). Files, order, sizes and places
 * must be the same; then so is the padding. What the hashes say only the bytes can show.
 *
 * @returns version 1's files with version 2's roots
 */
export function unite(old: Listing, tree: Listing, pieceLength: number): Listing | TorrentError {
  const twins = tree.files.filter((file) => !file.pad)
  const count = old.files.filter((file) => !file.pad).length
  if (count !== twins.length) {
    return refuse('hybrid-files', `version 1 lists ${count} files and version 2 ${twins.length}`)
  }
  const files: TorrentFile[] = []
  let next = 0
  for (const file of old.files) {
    const twin = file.pad ? undefined : twins[next++]!
    const fault = twin && compare(file, twin)
    if (fault !== undefined) return fault
    files.push(twin?.piecesRoot ? { ...file, piecesRoot: twin.piecesRoot } : file)
  }
  if (Math.ceil(old.extent / pieceLength) !== Math.ceil(tree.extent / pieceLength)) {
    return refuse('hybrid-padding', 'version 1 has padding that makes pieces of its own')
  }
  return { ...old, files }
}

function compare(file: TorrentFile, twin: TorrentFile): TorrentError | undefined {
  const [name, other] = [file, twin].map(({ path }) => path.join('/'))
  if (name !== other) {
    return refuse('hybrid-files', `version 1 has "${name}" where version 2 has "${other}"`)
  }
  if (file.length !== twin.length) {
    const sizes = `${file.length} bytes in version 1 and ${twin.length} in version 2`
    return refuse('hybrid-length', `"${name}" has ${sizes}`)
  }
  if (file.offset === twin.offset || file.length === 0) return undefined
  return refuse('hybrid-padding', `"${name}" does not begin with the same piece in both versions`)
}
