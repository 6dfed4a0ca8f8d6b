import type { TorrentFile } from '../codec/metainfo-files.ts'
import type { Magnet } from '../codec/magnet.ts'
import type { Torrent } from '../codec/metainfo.ts'

/**
 * How much a file is wanted. Priority weighs against rarity, as in libtorrent: of pieces equally
 * rare a high one comes first, and a low one waits until it is the rarest by far.
 */
export type FilePriority = 'unwanted' | 'low' | 'normal' | 'high'

/**
 * Says how much each file is wanted; true is `'normal'`, false `'unwanted'`. Called for every file
 * that is not padding. A piece that two files share is fetched when one of them is wanted.
 *
 * @param index in `torrent.files`
 */
export type SelectFiles = (file: TorrentFile, index: number) => FilePriority | boolean

/** on the scale of the core: libtorrent's */
const scale = { unwanted: 0, low: 1, normal: 4, high: 7 } as const

/** Which files are chosen: of a magnet, before they are known. All methods throw what `select` does. */
export class Selection {
  #select: SelectFiles | undefined
  /** what the priorities were last made from */
  #applied: SelectFiles | undefined

  /** @param select @default all files alike */
  constructor(select?: SelectFiles) {
    this.#select = select
  }

  /** A priority for each file; undefined when they are all alike. */
  prioritiesOf(torrent: Torrent): number[] | undefined {
    this.#applied = this.#select
    return this.#applied && prioritiesOf(torrent, this.#applied)
  }

  /** Chooses anew. @returns the priorities, if the files are known */
  choose(select: SelectFiles, torrent: Torrent | undefined): number[] | undefined {
    const priorities = torrent && prioritiesOf(torrent, select)
    this.#select = select
    if (torrent != null) this.#applied = select
    return priorities
  }

  /** The priorities if it was chosen anew since they were last made. */
  changed(torrent: Torrent): number[] | undefined {
    return this.#select === this.#applied ? undefined : this.prioritiesOf(torrent)
  }
}

function prioritiesOf({ files }: Torrent, select: SelectFiles): number[] {
  return files.map((file, index) => {
    const wanted = !file.pad && select(file, index)
    return scale[typeof wanted === 'string' ? wanted : wanted ? 'normal' : 'unwanted']
  })
}

/** The files a magnet means (`so`, BEP 53); undefined when it means all of them. */
export function selectedBy(of: Torrent | Magnet): SelectFiles | undefined {
  const ranges = 'select' in of ? of.select : undefined
  return ranges && ((_, index) => ranges.some(([first, last]) => first <= index && index <= last))
}
