import { randomFillSync } from 'node:crypto'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTorrentFromPath } from '@peerage/swarm/files'

/** A file by chance and its torrent. */
export interface Sample {
  /** the `.torrent` file */
  readonly torrent: string
  /** where the file is */
  readonly folder: string
}

export async function sample(scratch: string, mib: number, pieceLength: number): Promise<Sample> {
  const folder = join(scratch, 'seed')
  await mkdir(folder)
  const file = join(folder, 'sample.bin')
  await fill(file, mib)
  const { bytes } = await createTorrentFromPath(file, { pieceLength })
  const torrent = join(scratch, 'sample.torrent')
  await writeFile(torrent, bytes)
  return { torrent, folder }
}

/** Writes a file of chance. */
export async function fill(file: string, mib: number): Promise<void> {
  const handle = await open(file, 'w')
  const chunk = Buffer.alloc(1 << 20)
  for (let i = 0; i < mib; i++) await handle.write(randomFillSync(chunk))
  await handle.close()
}

/** The middle one; of two, the greater. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}
