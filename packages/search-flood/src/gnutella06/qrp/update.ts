import { WireError } from '@peerage/wire'
import { deflate } from '../compression.ts'
import { limits } from '../limits.ts'
import type { Patch, Reset } from '../payloads/route-table.ts'
import { encodeDifferences } from './differences.ts'
import { RouteTable } from './route-table.ts'

/** How a table is sent. */
export interface UpdateInit {
  /** the table the neighbour has @default none: it is told to begin anew */
  readonly from?: RouteTable | undefined
  /** bits of a difference @default 4 where they suffice, 8 otherwise */
  readonly entryBits?: 4 | 8
  /** @default true, if it makes the data shorter */
  readonly compress?: boolean
  /** bytes of data in one patch, more where 255 patches would not do @default 1024 */
  readonly patchData?: number
}

/**
 * The messages that give a neighbour a table, to be sent in this order, with TTL 1 and hops 0. A
 * table of another shape than the last one begins anew.
 *
 * @throws WireError when a difference does not fit into `entryBits`
 */
export function updateMessages(table: RouteTable, init: UpdateInit = {}): (Reset | Patch)[] {
  const { slots, infinity } = table
  const { patchData = limits.routeTable.patchData } = init
  const from = init.from?.slots === slots && init.from.infinity === infinity ? init.from : undefined
  const differences = table.differences(from ?? new RouteTable({ slots, infinity }))
  const entryBits = init.entryBits ?? (fits(differences, 4) ? 4 : 8)
  if (!fits(differences, entryBits)) {
    throw new WireError(`a difference of distances does not fit into ${entryBits} bits`)
  }
  const plain = encodeDifferences(differences, entryBits)
  const packed = init.compress === false ? plain : deflate(plain)
  const compressed = init.compress ?? packed.byteLength < plain.byteLength
  const data = compressed ? packed : plain
  const size = Math.max(patchData, Math.ceil(data.byteLength / limits.routeTable.patches))
  const of = Math.ceil(data.byteLength / size)
  const patches = Array.from({ length: of }, (_, at): Patch => {
    const part = data.slice(at * size, (at + 1) * size)
    return { type: 'patch', sequence: at + 1, of, compressed, entryBits, data: part }
  })
  return from == null ? [{ type: 'reset', slots, infinity }, ...patches] : patches
}

function fits(differences: Int8Array, bits: 4 | 8): boolean {
  const most = 2 ** (bits - 1)
  return differences.every((difference) => difference >= -most && difference < most)
}
