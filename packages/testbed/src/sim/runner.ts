import { PeerLedger, type Effect, type Input, type PeerKey, type Vocabulary } from '@peerage/wire'
import { SimulationError } from '../errors.ts'
import { kinds, type Agenda, type Kind } from './agenda.ts'
import { Digest } from './digest.ts'
import type { End, Host } from './host.ts'
import type { Network } from './network.ts'
import { toMicros } from './time.ts'

export interface RunnerInit<V extends Vocabulary> {
  agenda: Agenda<Host<V> | End<V>>
  network: Network<V>
  /** named in errors, so that a failing run can be repeated */
  seed: number
  check: boolean
}

/** Runs cores: gives them their inputs, carries out their effects, wakes them when they want it. */
export class Runner<V extends Vocabulary> {
  readonly digest = new Digest()
  /** inputs given so far */
  events = 0
  readonly #agenda: Agenda<Host<V> | End<V>>
  readonly #network: Network<V>
  readonly #seed: number
  readonly #check: boolean
  /** whose core is being run, for the effects it emits */
  #acting: Host<V> | undefined

  constructor({ agenda, network, seed, check }: RunnerInit<V>) {
    this.#agenda = agenda
    this.#network = network
    this.#seed = seed
    this.#check = check
  }

  /**
   * Gives a core one input.
   *
   * @param from number of the peer it comes from, for the digest
   * @param detail bytes of a frame or number of a job, for the digest
   */
  give(host: Host<V>, input: Input<V>, kind: Kind, from = 0, detail = 0): void {
    const { now } = this.#agenda
    this.events++
    this.digest.add(now)
    this.digest.add(now / 2 ** 32)
    this.digest.add(host.index)
    this.digest.add(from)
    this.digest.add(detail)
    this.digest.add(kind)
    this.#acting = host
    try {
      host.core.handle(this.#now, input, this.#emit)
      if (this.#check) host.core.check?.()
    } catch (error) {
      throw this.#broken(host, error)
    }
    this.arm(host)
  }

  /** A wake on the agenda has come due. */
  wake(host: Host<V>): void {
    // every change of `wakeAt` leaves its old event behind: only the earliest counts
    if (this.#agenda.now !== host.wakeOnAgenda) return
    host.wakeOnAgenda = undefined
    if (host.core.wakeAt > this.#now) {
      this.arm(host)
      return
    }
    this.give(host, { type: 'wake' }, kinds.wake)
    if (host.core.wakeAt <= this.#now) {
      throw this.#broken(host, new Error('was woken and wants to be woken at once again'))
    }
  }

  readonly #emit = (effect: Effect<V>): void => {
    const host = this.#acting!
    if (effect.type === 'tell') host.init.tell?.(effect.news, host.key)
    else if (effect.type === 'job') this.#work(host, effect.job, effect.work)
    else if (effect.type === 'dial') this.#network.dial(host, effect.peer)
    else if (effect.type === 'score') this.#score(host, effect.peer, effect.offence)
    else this.#speak(host, effect)
  }

  #speak(host: Host<V>, effect: Extract<Effect<V>, { type: 'send' | 'drop' }>): void {
    const end = host.ends.get(effect.peer)
    if (end?.isKnown !== true) {
      if (!this.#check) return
      throw new Error(`wants to ${effect.type} at "${effect.peer}", which it knows to be gone`)
    }
    if (effect.type === 'send') this.#network.send(end, effect.frame)
    else this.#network.hangUp(end)
  }

  #score(host: Host<V>, peer: PeerKey, offence: number): void {
    host.ledger ??= new PeerLedger()
    const end = host.ends.get(peer)
    if (host.ledger.score(this.#now, peer, offence) === 'keep' || end == null) return
    this.#network.hangUp(end)
  }

  #work(host: Host<V>, job: number, work: V['work']): void {
    if (host.init.work == null) throw new Error('asks for a job, but was added without `work`')
    const { result, takesMicros } = host.init.work(work, host.key)
    this.#agenda.add(this.#agenda.now + Math.ceil(takesMicros), kinds.done, host, result, job)
  }

  /** Sees to it that the core is looked at when its deadline comes. */
  arm(host: Host<V>): void {
    const { wakeAt } = host.core
    if (wakeAt === Infinity) return
    if (Number.isNaN(wakeAt)) throw this.#broken(host, new Error('wants to be woken at NaN'))
    const at = Math.max(toMicros(wakeAt), this.#agenda.now)
    // one that is due earlier will look again; this keeps a deadline that moves on to one event
    if (host.wakeOnAgenda != null && at >= host.wakeOnAgenda) return
    host.wakeOnAgenda = at
    this.#agenda.add(at, kinds.wake, host)
  }

  get #now(): number {
    return this.#agenda.now / 1000
  }

  #broken(host: Host<V>, cause: unknown): SimulationError {
    const what = cause instanceof Error ? cause.message : String(cause)
    const where = `host "${host.key}" at ${this.#now} ms, event ${this.events}`
    return new SimulationError(`${where}: ${what} (seed ${this.#seed})`, { cause })
  }
}
