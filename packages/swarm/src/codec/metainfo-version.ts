import type { TorrentError } from '../errors.ts'
import type { BencodeDictionary } from './bencode.ts'
import { missing, refuse } from './fields.ts'

/** Which BEP describes a torrent's pieces: 3, 52, or both alike. */
export type TorrentVersion = 1 | 2 | 'hybrid'

/** The version an info dictionary is of. Version 1 does not say so (BEP 52). */
export function readVersion(info: BencodeDictionary): TorrentVersion | TorrentError {
  const version = info['meta version']
  if (version === undefined) {
    if (info['file tree'] === undefined || info['pieces'] !== undefined) return 1
    return missing('meta version', version)
  }
  if (typeof version !== 'number') return missing('meta version', version)
  if (version !== 2) {
    return refuse('version', `this is a torrent of version ${version}; this program reads 1 and 2`)
  }
  const old = ['pieces', 'files', 'length'].some((field) => info[field] !== undefined)
  return old ? 'hybrid' : 2
}
