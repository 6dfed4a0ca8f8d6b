import type { Item } from '@peerage/catalog'
import type { DataFolder } from './data-folder.ts'
import { UsageError } from './errors.ts'

/** Who offers an item. */
export interface Source {
  /** peer id in its text form */
  readonly peer: string
  /** multiaddrs, as that peer gave them */
  readonly addresses: readonly string[]
  /** links away along the path the hit came */
  readonly hops: number
}

/** What a search found: one item, whoever has it. */
export interface Found {
  /** what `get` calls it; counted from 1 */
  readonly number: number
  readonly item: Item
  readonly sources: readonly Source[]
}

const file = 'hits.json'

/** Keeps a search's hits for `get <number>`. */
export async function saveHits(data: DataFolder, hits: readonly Found[]): Promise<void> {
  await data.write(JSON.stringify({ version: 1, hits }), file)
}

/**
 * A hit of the last search.
 *
 * @throws UsageError when there is none of that number
 */
export async function savedHit(data: DataFolder, number: number): Promise<Found> {
  const hits = parse(await data.read(file))
  const hit = hits?.find((found) => found.number === number)
  if (hit !== undefined) return hit
  if (hits === undefined || hits.length === 0) {
    throw new UsageError('there are no hits to choose from; search first: peerage search <words>')
  }
  const range = hits.length === 1 ? 'only hit 1' : `hits 1 to ${hits.length}`
  throw new UsageError(`the last search has no hit ${number}, ${range}`)
}

/** Undefined for a file that is not ours, or of another version. */
function parse(bytes: Uint8Array | undefined): readonly Found[] | undefined {
  try {
    const { version, hits } = JSON.parse(Buffer.from(bytes ?? []).toString())
    return version === 1 && Array.isArray(hits) ? hits : undefined
  } catch {
    return undefined
  }
}
