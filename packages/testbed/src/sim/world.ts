import type { Core, Input, PeerKey, Random, Vocabulary } from '@peerage/wire'
import { SimulationError, LinkCutError } from '../errors.ts'
import { Agenda, kinds, type Kind } from './agenda.ts'
import { End, Host, type Bandwidth, type HostInit } from './host.ts'
import { Link, type LinkInit } from './link.ts'
import { Network } from './network.ts'
import { Runner } from './runner.ts'
import { seededRandom } from './seeded-random.ts'
import { toMicros } from './time.ts'

export interface WorldInit {
  /** the same seed and the same scenario give the same run, event by event */
  seed: number
  /**
   * from host to host, one way, in milliseconds
   *
   * @default 20
   */
  latency?: number | ((a: PeerKey, b: PeerKey) => number)
  /** see {@link LinkInit.jitter} @default 0 */
  jitter?: number
  /** see {@link LinkInit.loss} @default 0 */
  loss?: number
  /**
   * every host's access line, in bytes per second
   *
   * @default lines that never make anyone wait
   */
  bandwidth?: Bandwidth | ((host: PeerKey) => Bandwidth)
  /**
   * after every step, let the core that took it check itself, and refuse effects that address a
   * peer the core knows to be gone; for small worlds
   *
   * @default false
   */
  check?: boolean
}

export interface RunOptions {
  /**
   * a moment in virtual milliseconds, or what has to come true
   *
   * @default until nothing is left to happen
   */
  until?: number | (() => boolean)
  /**
   * virtual milliseconds after which a condition that has not come true is given up
   *
   * @default Infinity
   */
  within?: number
}

const endless: Bandwidth = { up: Infinity, down: Infinity }

/** Runs protocol cores against each other in virtual time, in one thread and in one exact order. */
export class World<V extends Vocabulary> {
  /** the world's own chance; a scenario that draws from it stays reproducible */
  readonly random: Random
  readonly #init: WorldInit
  readonly #hosts = new Map<PeerKey, Host<V>>()
  readonly #agenda = new Agenda<Host<V> | End<V>>()
  readonly #network: Network<V>
  readonly #runner: Runner<V>
  #added = 0
  #everyLink: Link | undefined

  constructor(init: WorldInit) {
    this.#init = init
    this.random = seededRandom(init.seed)
    this.#network = new Network({
      agenda: this.#agenda,
      hosts: this.#hosts,
      random: this.random,
      linkBetween: (a, b) => this.#linkBetween(a, b)
    })
    this.#runner = new Runner({
      agenda: this.#agenda,
      network: this.#network,
      seed: init.seed,
      check: init.check === true
    })
  }

  /** virtual milliseconds since the world began */
  get now(): number {
    return this.#agenda.now / 1000
  }

  /** inputs given to cores so far */
  get events(): number {
    return this.#runner.events
  }

  /** events still to come */
  get pending(): number {
    return this.#agenda.size
  }

  /** a fingerprint of every input so far, its moment and its order: 16 hexadecimal digits */
  get digest(): string {
    return this.#runner.digest.toString()
  }

  /** Puts a core into the world; a killed one's key may be used again. */
  add(key: PeerKey, core: Core<V>, init: HostInit<V> = {}): void {
    if (this.#hosts.has(key)) throw new SimulationError(`there is a host "${key}" already`)
    const { bandwidth = endless } = this.#init
    const line = typeof bandwidth === 'function' ? bandwidth(key) : bandwidth
    const host = new Host(key, this.#added++, core, init, line)
    this.#hosts.set(key, host)
    this.#runner.arm(host)
  }

  /**
   * Opens a channel between two hosts, now; `a` counts as the one that dialled.
   *
   * @param link this channel's own; the world's latency, jitter and loss when left out
   */
  connect(a: PeerKey, b: PeerKey, link?: Partial<LinkInit>): void {
    const [near, far] = [this.#host(a), this.#host(b)]
    if (a === b || near.ends.has(b)) {
      throw new SimulationError(
        `"${a}" and "${b}" cannot be connected: they are one, or already are`
      )
    }
    const given = link == null ? this.#linkBetween(a, b) : undefined
    this.#network.open(near, far, given ?? new Link({ ...this.#linkInit(a, b), ...link }))
  }

  /**
   * Cuts the link: frames under way are held, dials find nobody, and after wire's idle timeout both
   * cores lose the channel, unless it is healed before.
   */
  cut(a: PeerKey, b: PeerKey): void {
    this.#network.cut(a, b)
  }

  /** Lets what was held go on, and dials through. */
  heal(a: PeerKey, b: PeerKey): void {
    this.#network.heal(a, b)
  }

  /** Ends a host's process on the spot: no goodbye; its peers' channels break when they hear. */
  kill(key: PeerKey): void {
    const host = this.#host(key)
    this.#network.kill(host)
    host.isAlive = false
    this.#hosts.delete(key)
  }

  /** The local user of a host asks something of its core, now. */
  ask(key: PeerKey, ask: V['ask']): void {
    this.#agenda.add(this.#agenda.now, kinds.ask, this.#host(key), ask)
  }

  /**
   * Lets time pass.
   *
   * @returns whether `until` was reached; without one, true
   */
  run({ until, within = Infinity }: RunOptions = {}): boolean {
    const holds = typeof until === 'function' ? until : undefined
    const end = typeof until === 'number' ? toMicros(until) : this.#agenda.now + toMicros(within)
    while (this.#agenda.size > 0 && this.#agenda.nextAt <= end) {
      if (holds?.() === true) return true
      this.#agenda.next()
      this.#step()
    }
    if (end !== Infinity) this.#agenda.now = Math.max(this.#agenda.now, end)
    return holds?.() ?? true
  }

  #step(): void {
    const { target, kind, body, detail } = this.#agenda
    if (target instanceof End) {
      if (target.host.isAlive) this.#stepChannel(target, kind, body, detail)
    } else if (target?.isAlive === true) {
      this.#stepHost(target, kind, body, detail)
    }
  }

  #stepHost(host: Host<V>, kind: Kind, body: unknown, detail: number): void {
    if (kind === kinds.wake) {
      this.#runner.wake(host)
    } else if (kind === kinds.ask) {
      this.#runner.give(host, { type: 'ask', ask: body }, kind)
    } else if (kind === kinds.done) {
      this.#runner.give(host, { type: 'done', job: detail, result: body }, kind, 0, detail)
    } else if (kind === kinds.dialled) {
      this.#network.dialled(host, body as { to: PeerKey; link: Link })
    } else if (kind === kinds.refused) {
      this.#runner.give(host, { type: 'down', ...(body as { peer: PeerKey; error: Error }) }, kind)
    }
  }

  #stepChannel(end: End<V>, kind: Kind, body: unknown, detail: number): void {
    const { peer } = end
    if (kind === kinds.frame) {
      if (this.#network.holds(end, kind, body, detail) || !end.isOpen) return
      this.#runner.give(end.host, { type: 'frame', peer, frame: body }, kind, end.peerIndex, detail)
    } else if (kind === kinds.arriving) {
      this.#network.arriving(end, body, detail)
    } else if (kind === kinds.departed) {
      this.#network.departed(end, detail)
    } else if (kind === kinds.slow || kind === kinds.ready) {
      const type = kind === kinds.slow ? 'slow' : 'ready'
      if (end.isOpen) this.#runner.give(end.host, { type, peer }, kind, end.peerIndex)
    } else if (kind === kinds.up) {
      this.#up(end, body === 'outbound' ? 'outbound' : 'inbound')
    } else if (kind === kinds.down) {
      if (!this.#network.holds(end, kind, body, 0)) this.#down(end, body as Error | undefined)
    } else if (end.isCut && end.cuts === detail) {
      this.#down(end, new LinkCutError(`nothing came from ${peer} for wire's idle timeout`))
    }
  }

  #up(end: End<V>, direction: 'inbound' | 'outbound'): void {
    end.isKnown = true
    const input: Input<V> = { type: 'up', peer: end.peer, direction, limited: false }
    this.#runner.give(end.host, input, kinds.up, end.peerIndex)
  }

  #down(end: End<V>, error: Error | undefined): void {
    if (!end.isKnown) return
    end.isKnown = false
    end.isOpen = false
    end.held = undefined
    const { host, peer } = end
    if (host.ends.get(peer) === end) host.ends.delete(peer)
    const input: Input<V> = { type: 'down', peer }
    if (error != null) input.error = error
    this.#runner.give(host, input, kinds.down, end.peerIndex)
  }

  #linkBetween(a: PeerKey, b: PeerKey): Link {
    if (typeof this.#init.latency === 'function') return new Link(this.#linkInit(a, b))
    this.#everyLink ??= new Link(this.#linkInit(a, b))
    return this.#everyLink
  }

  #linkInit(a: PeerKey, b: PeerKey): LinkInit {
    const { latency = 20, jitter = 0, loss = 0 } = this.#init
    return { latency: typeof latency === 'function' ? latency(a, b) : latency, jitter, loss }
  }

  #host(key: PeerKey): Host<V> {
    const host = this.#hosts.get(key)
    if (host == null) throw new SimulationError(`there is no host "${key}", or it was killed`)
    return host
  }
}
