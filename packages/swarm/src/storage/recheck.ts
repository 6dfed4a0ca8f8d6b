import { crc32 } from '../codec/journal.ts'
import type { Torrent } from '../codec/metainfo.ts'
import type { Bitfield } from '../core/bitfield.ts'
import { limits } from '../limits.ts'
import type { Recalled } from './journal.ts'
import { spansOf } from './layout.ts'
import { hashed, sampleOf, type HashingInit } from './spot-check.ts'

/** What the disk says about one of a torrent's files. */
export interface FileState {
  /** bytes */
  readonly size: number
  /** when it was last changed, in milliseconds since 1970 */
  readonly changed: number
}

export interface RecheckInit extends HashingInit {
  /** of every file; undefined where there is none */
  readonly files: readonly (FileState | undefined)[]
}

/** Which pieces count, and how many had to be hashed to know it. */
export interface Verified {
  readonly have: Bitfield
  readonly hashed: number
}

/**
 * Which pieces on the disk count as verified.
 *
 * A journal is believed for what it saw synced if the files are as it left them and a sample of
 * those pieces still has the right hashes; what it saw written and not yet synced is hashed again.
 * A journal that is wrong in anything is wrong in all, and every piece that is there is hashed.
 */
export async function recheck(init: RecheckInit, journal: Recalled | undefined): Promise<Verified> {
  const { torrent, files } = init
  if (journal !== undefined && isPlausible(init, journal)) {
    const sample = sampleOf(journal.synced, torrent.pieceLength)
    const doubted = journal.unsynced.filter((piece) => isPresent(torrent, files, piece))
    const good = await hashed(init, [...new Set([...sample, ...doubted])])
    if (sample.every((piece) => good.has(piece))) {
      for (const piece of journal.synced) good.add(piece)
      return { have: good, hashed: sample.length + doubted.length }
    }
  }
  const present = Array.from({ length: torrent.pieceCount }, (_, piece) => piece).filter((piece) =>
    isPresent(torrent, files, piece)
  )
  return { have: await hashed(init, present), hashed: present.length }
}

/** A number that changes when a file is cut, grown, touched or removed. */
export function stampOf(files: readonly (FileState | undefined)[]): number {
  const states = files.map((file) => (file === undefined ? '-' : `${file.size} ${file.changed}`))
  return crc32(new TextEncoder().encode(states.join('\n')))
}

function isPlausible({ torrent, files }: RecheckInit, journal: Recalled): boolean {
  if (!journal.synced.every((piece) => isPresent(torrent, files, piece))) return false
  if (journal.stamp !== undefined) return journal.stamp === stampOf(files)
  // after a crash there is no stamp; but data and journal are written side by side
  const latest = journal.written + limits.storage.clockSlack
  return files.every((file) => file === undefined || file.changed <= latest)
}

/** Whether the files are long enough for a piece to be there at all. */
function isPresent(
  torrent: Torrent,
  files: readonly (FileState | undefined)[],
  piece: number
): boolean {
  const spans = spansOf(torrent.files, piece * torrent.pieceLength, torrent.pieceSize(piece))
  for (const { file, at, length } of spans) {
    if (torrent.files[file]!.pad) continue
    if ((files[file]?.size ?? 0) < at + length) return false
  }
  return true
}
