import { decodeBencode, type Bencode, type BencodeDictionary } from '../../src/codec/bencode.ts'
import { encodeBencode } from '../../src/codec/bencode-encode.ts'
import { isDictionary } from '../../src/codec/fields.ts'
import type { TorrentVersion } from '../../src/codec/metainfo-version.ts'
import { BencodeError } from '../../src/errors.ts'
import { noiseTorrent } from '../support/torrents.ts'

/** One length of each kind: less than a block, several pieces, just a piece, nothing. */
const files = { a: 5, c: 16_384, 'd/b': 50_000, 'd/e': 40_000, f: 0 }

const good = new Map<TorrentVersion, Uint8Array>()
for (const version of [1, 2, 'hybrid'] as const) {
  good.set(version, (await noiseTorrent(files, 16_384, version)).bytes)
}

/** A good `.torrent` file with files `a`, `c`, `d/b`, `d/e` and `f`. */
export function goodTorrent(version: TorrentVersion): Uint8Array {
  return good.get(version)!
}

/** A decoded torrent, to be spoilt. */
export class Metainfo {
  readonly all: BencodeDictionary

  constructor(version: TorrentVersion) {
    const decoded = decodeBencode(goodTorrent(version))
    if (decoded instanceof BencodeError) throw decoded
    this.all = dictionary(decoded.value)
  }

  get info(): BencodeDictionary {
    return dictionary(this.all['info'])
  }

  /** what version 1 says of its n-th file */
  file(index: number): BencodeDictionary {
    return dictionary((this.info['files'] as Bencode[])[index])
  }

  get list(): Bencode[] {
    return this.info['files'] as Bencode[]
  }

  /** a folder of the file tree, or what it says of a file */
  tree(...path: string[]): BencodeDictionary {
    let at = dictionary(this.info['file tree'])
    for (const part of path) at = dictionary(at[part])
    return at
  }

  get layers(): BencodeDictionary {
    return dictionary(this.all['piece layers'])
  }

  /** the key of the piece layer with so many hashes */
  layerOf(hashes: number): string {
    return Object.keys(this.layers).find((key) => bytes(this.layers[key]).length === hashes * 32)!
  }
}

/** A good torrent with one thing changed. */
export function spoilt(
  version: TorrentVersion,
  change: (torrent: Metainfo) => void
): () => Uint8Array {
  return () => {
    const torrent = new Metainfo(version)
    change(torrent)
    return encodeBencode(torrent.all)
  }
}

/** A byte string that was decoded. */
export function bytes(value: Bencode | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new Error('not a byte string')
}

function dictionary(value: Bencode | undefined): BencodeDictionary {
  if (isDictionary(value)) return value
  throw new Error('not a dictionary')
}

/** The bytes of a text. */
export const text = (characters: string): Uint8Array => new TextEncoder().encode(characters)

/** What is wrong, what it is called, and bytes that are so. */
export type Exhibit<F> = readonly [what: string, fault: F, make: () => Uint8Array]
