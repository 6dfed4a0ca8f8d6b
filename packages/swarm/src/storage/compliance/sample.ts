import type { TorrentVersion } from '../../codec/metainfo-version.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import { createTorrent } from '../../create/create.ts'

/** What a sample torrent looks like. */
export interface Layout {
  /** lengths in bytes */
  readonly files: readonly number[]
  readonly pieceLength: number
  /** @default 1 */
  readonly version?: TorrentVersion
}

/** A small torrent and what its storage is to hold. */
export interface Sample {
  readonly torrent: Torrent
  /** 0 … `torrent.extent`: padding, and what lies between the files of version 2, is zeros */
  readonly data: Uint8Array
}

export async function makeSample({ files, pieceLength, version = 1 }: Layout): Promise<Sample> {
  const contents = new Map(
    files.map((length, index) => [`file${index}`, mixedBytes(length, index + 1)])
  )
  const { torrent } = await createTorrent({
    name: 'sample',
    files: [...contents].map(([name, { length }]) => ({ path: [name], length })),
    pieceLength,
    version,
    read: async ({ path }, at, length) => contents.get(path[0]!)!.subarray(at, at + length)
  })
  const data = new Uint8Array(torrent.extent)
  for (const { path, offset, pad } of torrent.files) {
    if (!pad) data.set(contents.get(path.at(-1)!)!, offset)
  }
  return { torrent, data }
}

/** Bytes that differ from their neighbours and from those of other seeds. */
export function mixedBytes(length: number, seed: number): Uint8Array {
  const below = chance(seed)
  return Uint8Array.from({ length }, () => 1 + below(255))
}

/** Cuts a range at random places. @returns ranges in order */
export function cut(
  length: number,
  cuts: number,
  below: (max: number) => number
): [number, number][] {
  const inner = Array.from({ length: cuts }, () => below(length + 1))
  const edges = [0, ...inner.sort((a, b) => a - b), length]
  return edges.slice(1).map((to, index) => [edges[index]!, to])
}

/** The same order for the same seed. */
export function shuffled<T>(items: readonly T[], below: (max: number) => number): T[] {
  const left = [...items]
  return items.map(() => left.splice(below(left.length), 1)[0]!)
}

/** Numbers below a limit, the same for the same seed (Marsaglia's xorshift32). */
export function chance(seed: number): (max: number) => number {
  let state = seed * 2_654_435_761
  return (max) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % max
  }
}
