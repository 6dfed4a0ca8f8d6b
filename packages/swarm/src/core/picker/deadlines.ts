/** Pieces that are wanted by a time, as when a film is watched while it comes; soonest first. */
export class Deadlines {
  /** by piece, what each of those who want it says */
  readonly #at = new Map<number, Map<number, number>>()
  #order: readonly number[] | undefined

  /**
   * @param at milliseconds; undefined when there is no hurry any more
   * @param who a reader; 0 is whoever sets deadlines by hand
   */
  set(piece: number, at: number | undefined, who = 0): void {
    const said = this.#at.get(piece) ?? new Map<number, number>()
    if (at != null) this.#at.set(piece, said.set(who, at))
    else if (said.delete(who) && said.size === 0) this.#at.delete(piece)
    this.#order = undefined
  }

  /** The piece is here. */
  met(piece: number): void {
    if (this.#at.delete(piece)) this.#order = undefined
  }

  /** soonest first */
  get pieces(): readonly number[] {
    this.#order ??= [...this.#at.keys()].sort((a, b) => this.of(a) - this.of(b))
    return this.#order
  }

  /** In milliseconds; `Infinity` when there is no hurry. */
  of(piece: number): number {
    return Math.min(...(this.#at.get(piece)?.values() ?? []))
  }
}
