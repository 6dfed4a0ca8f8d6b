import type { Lane, LaneRules } from './lane.ts'

/** What joins two nodes of a testnet, over all their connections: it can be cut and made longer. */
export class Cable implements LaneRules {
  #isCut = false
  #delay = 0
  readonly #lanes = new Set<Lane>()

  get isCut(): boolean {
    return this.#isCut
  }

  get delay(): number {
    return this.#delay
  }

  cut(): void {
    this.#isCut = true
    this.#check()
  }

  heal(): void {
    this.#isCut = false
    this.#check()
  }

  /** @param delay milliseconds, each way */
  lengthen(delay: number): void {
    this.#delay = delay
    this.#check()
  }

  /** Makes a lane of a connection obey; the returned function lets it go. */
  carry(lane: Lane): () => void {
    this.#lanes.add(lane)
    return () => this.#lanes.delete(lane)
  }

  #check(): void {
    for (const lane of this.#lanes) lane.check()
  }
}
