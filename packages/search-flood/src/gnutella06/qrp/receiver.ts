import { WireError } from '@peerage/wire'
import { joined } from '../bytes.ts'
import { inflate } from '../compression.ts'
import { limits } from '../limits.ts'
import type { Patch, Reset } from '../payloads/route-table.ts'
import { bytesOfDifferences, decodeDifferences } from './differences.ts'
import { RouteTable } from './route-table.ts'

/** What a neighbour may ask of us. */
export interface RouteTableReceiverInit {
  /** slots of its table: each takes a byte, some more while an update comes in @default 2_097_152 */
  readonly maxSlots?: number
}

/** A neighbour's route table as its messages build it up. */
export class RouteTableReceiver {
  readonly #maxSlots: number
  /** what the next patches change; undefined before the first reset */
  #base: RouteTable | undefined
  #whole = false
  /** the patches of an update under way */
  #parts: Patch[] = []
  #size = 0

  constructor({ maxSlots = limits.routeTable.maxSlots }: RouteTableReceiverInit = {}) {
    this.#maxSlots = maxSlots
  }

  /**
   * The neighbour's table since its last whole update, never changed afterwards. Undefined until
   * there is one: all queries go to the neighbour until then.
   */
  get table(): RouteTable | undefined {
    return this.#whole ? this.#base : undefined
  }

  /** An error means that the link has to be closed: there is no way back to what the neighbour has. */
  take(message: Reset | Patch): WireError | undefined {
    const fault = message.type === 'reset' ? this.#reset(message) : this.#patch(message)
    if (fault != null) this.#forget(undefined)
    return fault
  }

  #reset(message: Reset): WireError | undefined {
    if (message.slots > this.#maxSlots) {
      return new WireError(
        `a table of ${message.slots} slots is over the limit of ${this.#maxSlots}`
      )
    }
    this.#forget(new RouteTable(message))
    return undefined
  }

  #forget(base: RouteTable | undefined): void {
    this.#base = base
    this.#whole = false
    this.#parts = []
    this.#size = 0
  }

  #patch(patch: Patch): WireError | undefined {
    if (this.#base == null) return new WireError('a patch comes before any reset')
    const fault = this.#orderFault(patch)
    if (fault != null) return fault
    this.#parts.push(patch)
    this.#size += patch.data.byteLength
    const bytes = bytesOfDifferences(this.#base.slots, patch.entryBits)
    if (this.#size > bytes + limits.routeTable.overhead) {
      return new WireError('an update is larger than the table it is of')
    }
    return patch.sequence === patch.of ? this.#finish(this.#base, patch, bytes) : undefined
  }

  #orderFault({ sequence, of, compressed, entryBits }: Patch): WireError | undefined {
    const last = this.#parts.at(-1)
    const expected = (last?.sequence ?? 0) + 1
    if (sequence !== expected)
      return new WireError(`patch ${sequence} comes in place of ${expected}`)
    const same =
      last == null ||
      (last.of === of && last.compressed === compressed && last.entryBits === entryBits)
    return same ? undefined : new WireError('the patches of an update are not alike')
  }

  #finish(
    base: RouteTable,
    { compressed, entryBits }: Patch,
    bytes: number
  ): WireError | undefined {
    const data = joined(this.#parts.map((part) => part.data))
    const plain = compressed ? inflate(data, bytes) : data
    if (plain instanceof WireError) return plain
    if (plain.byteLength !== bytes) return new WireError('an update is not of the whole table')
    const table = base.copy()
    table.apply(decodeDifferences(plain, entryBits))
    this.#forget(table)
    this.#whole = true
    return undefined
  }
}
