/** Pieces that are wanted by a time, as when a film is watched while it comes; soonest first. */
export class Deadlines {
  readonly #at = new Map<number, number>()
  #order: readonly number[] = []

  /** @param at milliseconds; undefined when there is no hurry any more */
  set(piece: number, at: number | undefined): void {
    if (at == null && !this.#at.delete(piece)) return
    if (at != null) this.#at.set(piece, at)
    this.#order = [...this.#at.keys()].sort((a, b) => this.#at.get(a)! - this.#at.get(b)!)
  }

  /** soonest first */
  get pieces(): readonly number[] {
    return this.#order
  }

  /** In milliseconds; `Infinity` when there is no hurry. */
  of(piece: number): number {
    return this.#at.get(piece) ?? Infinity
  }
}
