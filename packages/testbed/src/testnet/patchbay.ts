import type { Multiaddr } from '@multiformats/multiaddr'
import { Cable } from './cable.ts'

/** Which node is where, and the cable between each two. */
export class Patchbay {
  readonly #nodes = new Map<string, number>()
  readonly #cables = new Map<string, Cable>()
  readonly #unplugged = new Set<number>()

  get cables(): Iterable<Cable> {
    return this.#cables.values()
  }

  /** Notes where a node listens. */
  plug(node: number, addresses: Multiaddr[]): void {
    for (const address of addresses) this.#nodes.set(place(address), node)
  }

  /** A node is no more: whatever its modules still try, it dials nobody. */
  unplug(node: number): void {
    this.#unplugged.add(node)
  }

  isUnplugged(node: number): boolean {
    return this.#unplugged.has(node)
  }

  /** the node that listens there; `undefined` for an address outside the testnet */
  nodeAt(address: Multiaddr): number | undefined {
    return this.#nodes.get(place(address))
  }

  cable(a: number, b: number): Cable {
    const name = a < b ? `${a}–${b}` : `${b}–${a}`
    const cable = this.#cables.get(name) ?? new Cable()
    this.#cables.set(name, cable)
    return cable
  }
}

/** An address without the peer that is expected there. */
function place(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/.*$/, '')
}
