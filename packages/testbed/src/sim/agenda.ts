import { EventQueue } from './event-queue.ts'

/** What kind of thing happens. Plain numbers: they go into a typed array and into the digest. */
export const kinds = {
  up: 1,
  down: 2,
  frame: 3,
  slow: 4,
  ready: 5,
  wake: 6,
  done: 7,
  ask: 8,
  /** the world's own, of which cores hear nothing */
  dialled: 9,
  refused: 10,
  arriving: 11,
  departed: 12,
  noticed: 13
} as const

export type Kind = (typeof kinds)[keyof typeof kinds]

/**
 * Everything that is going to happen. One event is a row over five columns, and rows are used
 * again, so a run of millions makes next to no garbage. The fields show the row taken last.
 */
export class Agenda<Target> {
  /** the moment of the current event, in microseconds: the world's clock */
  now = 0
  kind: Kind = kinds.wake
  /** to whom */
  target: Target | undefined
  /** the frame, ask, result or error */
  body: unknown
  /** a number that goes with it: bytes of a frame, number of a job */
  detail = 0

  readonly #queue = new EventQueue()
  #kinds = new Uint8Array(1024)
  #details = new Float64Array(1024)
  readonly #targets: (Target | undefined)[] = []
  readonly #bodies: unknown[] = []
  readonly #free: number[] = []

  /** events waiting */
  get size(): number {
    return this.#queue.size
  }

  /** when the next one is due, in microseconds; `Infinity` when none waits */
  get nextAt(): number {
    return this.#queue.nextAt
  }

  /** @param at whole microseconds */
  add(at: number, kind: Kind, target: Target, body?: unknown, detail = 0): void {
    const row = this.#free.pop() ?? this.#newRow()
    this.#kinds[row] = kind
    this.#targets[row] = target
    this.#bodies[row] = body
    this.#details[row] = detail
    this.#queue.push(at, row)
  }

  /** Makes the next event the current one. @returns false when there is none */
  next(): boolean {
    const at = this.#queue.nextAt
    const row = this.#queue.pop()
    if (row < 0) return false
    this.now = at
    this.kind = this.#kinds[row] as Kind
    this.target = this.#targets[row]
    this.body = this.#bodies[row]
    this.detail = this.#details[row]!
    this.#targets[row] = undefined
    this.#bodies[row] = undefined
    this.#free.push(row)
    return true
  }

  #newRow(): number {
    const row = this.#targets.length
    if (row === this.#kinds.length) {
      const [oldKinds, oldDetails] = [this.#kinds, this.#details]
      this.#kinds = new Uint8Array(row * 2)
      this.#details = new Float64Array(row * 2)
      this.#kinds.set(oldKinds)
      this.#details.set(oldDetails)
    }
    this.#targets.push(undefined)
    this.#bodies.push(undefined)
    return row
  }
}
