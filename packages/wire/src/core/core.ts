/**
 * The shape every protocol core has.
 *
 * A core decides and nothing else: it is told what happened, at what time, and says what it wants
 * done. It owns no clock, no timer, no stream and no promise, so the same object runs under the
 * {@link Driver} in production and in the simulator's virtual time (after quinn-proto and str0m).
 */

/** A peer's id in its text form (`peerId.toString()`). */
export type PeerKey = string

/** The words one protocol uses: what its frames, commands, jobs and news look like. */
export interface Vocabulary {
  /** what travels between peers */
  frame: unknown
  /** what the local user asks of the core */
  ask: unknown
  /** what the core asks of disk, keys or another module */
  work: unknown
  /** what comes back from that work; failures are values too */
  result: unknown
  /** what the core tells its user */
  news: unknown
}

/** Everything that can happen to a core. */
export type Input<V extends Vocabulary> =
  /** a channel to this peer is open */
  | { type: 'up'; peer: PeerKey; direction: 'inbound' | 'outbound'; limited: boolean }
  /** that channel is gone; `error` is set unless the peer said goodbye */
  | { type: 'down'; peer: PeerKey; error?: Error }
  | { type: 'frame'; peer: PeerKey; frame: V['frame'] }
  /** the peer's send queue has passed its high mark: hold back what can wait */
  | { type: 'slow'; peer: PeerKey }
  /** the queue is below its low mark again */
  | { type: 'ready'; peer: PeerKey }
  /** the time in `wakeAt` has come */
  | { type: 'wake' }
  /** the job with this number, asked for by an effect, has ended */
  | { type: 'done'; job: number; result: V['result'] }
  | { type: 'ask'; ask: V['ask'] }

/** Everything a core may do. */
export type Effect<V extends Vocabulary> =
  | { type: 'send'; peer: PeerKey; frame: V['frame'] }
  /** says goodbye and closes the channel */
  | { type: 'drop'; peer: PeerKey; reason: string }
  /** an offence, weighed by the peer ledger, which may drop or ban */
  | { type: 'score'; peer: PeerKey; offence: number; reason: string }
  /** open a channel to a peer; the outcome is an `up`, or a `down` without an `up` before it */
  | { type: 'dial'; peer: PeerKey }
  /** `job` is chosen by the core and comes back in `done` */
  | { type: 'job'; job: number; work: V['work'] }
  | { type: 'tell'; news: V['news'] }

export type Emit<V extends Vocabulary> = (effect: Effect<V>) => void

/** Synchronous and pure but for its own state; never throws because of a peer. */
export interface Core<V extends Vocabulary> {
  /** @param now milliseconds on a clock that never goes back */
  handle(now: number, input: Input<V>, emit: Emit<V>): void
  /** When the core next wants a `wake`, in milliseconds on the same clock; `Infinity` for never. */
  readonly wakeAt: number
  /** Throws when an invariant is broken. Called after every step in tests and simulations only. */
  check?(): void
}

/** Where a core's chance comes from: a secure source in production, a seeded one in simulation. */
export interface Random {
  /** a whole number in [0, 2³²) */
  u32(): number
  /** a whole number in [0, n), 1 ≤ n ≤ 2³² */
  below(n: number): number
  /** n random bytes */
  bytes(n: number): Uint8Array
}
