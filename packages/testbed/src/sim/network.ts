import { limits, TooLargeError, type PeerKey, type Random, type Vocabulary } from '@peerage/wire'
import { LinkCutError, PeerGoneError } from '../errors.ts'
import { kinds, type Agenda, type Kind } from './agenda.ts'
import { End, endsOf, type Host } from './host.ts'
import type { Link } from './link.ts'

/** What the network takes from the world it is in. */
export interface NetworkInit<V extends Vocabulary> {
  agenda: Agenda<Host<V> | End<V>>
  hosts: ReadonlyMap<PeerKey, Host<V>>
  random: Random
  /** the link two hosts get when they dial each other */
  linkBetween: (a: PeerKey, b: PeerKey) => Link
}

/** The end of a channel, travelling behind its last frame. */
class HangUp {
  readonly error: Error | undefined

  constructor(error?: Error) {
    this.error = error
  }
}

/** Carries frames, goodbyes and dials from host to host, by putting their arrival on the agenda. */
export class Network<V extends Vocabulary> {
  readonly #agenda: Agenda<Host<V> | End<V>>
  readonly #hosts: ReadonlyMap<PeerKey, Host<V>>
  readonly #random: Random
  readonly #linkBetween: (a: PeerKey, b: PeerKey) => Link
  readonly #cuts = new Set<string>()

  constructor(init: NetworkInit<V>) {
    this.#agenda = init.agenda
    this.#hosts = init.hosts
    this.#random = init.random
    this.#linkBetween = init.linkBetween
  }

  /** Opens a channel at once; `a` is the one that dialled. */
  open(a: Host<V>, b: Host<V>, link: Link): void {
    this.#join(a, b, link)
  }

  /** Opens a channel after a round trip, or says why not. */
  dial(host: Host<V>, to: PeerKey): void {
    const link = this.#linkBetween(host.key, to)
    if (this.#isCut(host.key, to)) {
      const error = new LinkCutError(`nothing came back from ${to}: the link is cut`)
      const given = this.#agenda.now + limits.openTimeout * 1000
      this.#agenda.add(given, kinds.refused, host, { peer: to, error })
      return
    }
    const roundTrip = link.travel(this.#random) + link.travel(this.#random)
    this.#agenda.add(this.#agenda.now + roundTrip, kinds.dialled, host, { to, link })
  }

  /** The answer to a dial has come back. */
  dialled(host: Host<V>, { to, link }: { to: PeerKey; link: Link }): void {
    const there = this.#hosts.get(to)
    if (host.ends.get(to)?.isOpen === true) return
    const error = this.#refusal(host, to, there)
    if (error != null || there == null) {
      this.#soon(kinds.refused, host, { peer: to, error })
      return
    }
    const stale = there.ends.get(host.key)
    if (stale != null) {
      this.#soon(kinds.down, stale, new PeerGoneError(`${host.key} has dialled anew`))
    }
    this.#join(host, there, link)
  }

  /** Puts a frame on the host's line. */
  send(end: End<V>, frame: V['frame']): void {
    if (!end.isOpen) return
    const size = end.host.init.sizeOf?.(frame) ?? 0
    const start = end.host.up.take(this.#agenda.now, size)
    this.#carry(start, end, frame, size)
    if (end.host.up.isLimited) this.#queue(end, size)
  }

  /** The first byte has reached a host with a line of its own; the frame is there when the last is. */
  arriving(end: End<V>, body: unknown, size: number): void {
    const last = this.#agenda.now + end.other.host.up.micros(size)
    end.host.down.take(this.#agenda.now, size)
    this.#deliver(Math.max(last, end.host.down.freeAt), end, body, size)
  }

  /** A frame has left the host: its bytes no longer count as queued. */
  departed(end: End<V>, size: number): void {
    end.queued -= size
    const { low = limits.sendLowMark } = end.host.init.marks ?? {}
    if (!end.isSlow || end.queued >= low) return
    end.isSlow = false
    this.#soon(kinds.ready, end)
  }

  /** This host closes the channel; with an error, without a goodbye. */
  hangUp(end: End<V>, error?: Error): void {
    if (!end.isOpen) return
    end.isOpen = false
    this.#soon(kinds.down, end, error)
    this.#carry(
      this.#agenda.now,
      end,
      new HangUp(error && new PeerGoneError(`${end.host.key} hung up`)),
      0
    )
  }

  /** From now on what arrives is held, as TCP would keep sending it again; dials find nobody. */
  cut(a: PeerKey, b: PeerKey): void {
    this.#cuts.add(pair(a, b))
    const end = this.#hosts.get(a)?.ends.get(b)
    if (end == null || end.isCut) return
    // nothing moves any more, so both idle timers run out
    const noticed = this.#agenda.now + limits.idleTimeout * 1000
    for (const side of [end, end.other]) {
      side.isCut = true
      this.#agenda.add(noticed, kinds.noticed, side, undefined, ++side.cuts)
    }
  }

  /** Lets what was held go on, and dials through. */
  heal(a: PeerKey, b: PeerKey): void {
    this.#cuts.delete(pair(a, b))
    const end = this.#hosts.get(a)?.ends.get(b) ?? this.#hosts.get(b)?.ends.get(a)
    if (end == null) return
    for (const side of [end, end.other]) {
      side.isCut = false
      const { held = [] } = side
      side.held = undefined
      for (const { body, size } of held) this.#carry(this.#agenda.now, side.other, body, size)
    }
  }

  /** Keeps what reached an end whose link is cut. @returns whether it did */
  holds(end: End<V>, kind: Kind, body: unknown, size: number): boolean {
    // a host's own goodbye is no traffic: its end is closed by then
    if (!end.isCut || !end.isOpen) return false
    end.held ??= []
    end.held.push({
      body: kind === kinds.down ? new HangUp(body as Error | undefined) : body,
      size
    })
    return true
  }

  /** A process dies: its machine resets its connections. */
  kill(host: Host<V>): void {
    for (const end of host.ends.values()) {
      end.isOpen = false
      this.#carry(this.#agenda.now, end, new HangUp(new PeerGoneError(`${host.key} is gone`)), 0)
    }
  }

  #join(a: Host<V>, b: Host<V>, link: Link): void {
    const [near, far] = endsOf(a, b, link)
    a.ends.set(b.key, near)
    b.ends.set(a.key, far)
    if (this.#isCut(a.key, b.key)) this.cut(a.key, b.key)
    this.#soon(kinds.up, far)
    this.#soon(kinds.up, near, 'outbound')
  }

  #refusal(host: Host<V>, to: PeerKey, there?: Host<V>): Error | undefined {
    if (there == null) return new PeerGoneError(`nobody answers at ${to}`)
    if (this.#isCut(host.key, to)) return new LinkCutError(`the link to ${to} is cut`)
    const now = this.#agenda.now / 1000
    const bannedUntil = there.ledger?.bannedUntil(now, host.key) ?? 0
    return bannedUntil > now ? new PeerGoneError(`${to} has banned us`) : undefined
  }

  #carry(start: number, end: End<V>, body: unknown, size: number): void {
    const first = Math.max(start + end.link.travel(this.#random), end.lastArrival)
    end.lastArrival = first + end.host.up.micros(size)
    if (end.hasDownlink) {
      this.#agenda.add(first, kinds.arriving, end.other, body, size)
    } else {
      this.#deliver(end.lastArrival, end.other, body, size)
    }
  }

  /** Puts an event behind everything that happens at this very moment. */
  #soon(kind: Kind, target: Host<V> | End<V>, body?: unknown): void {
    this.#agenda.add(this.#agenda.now, kind, target, body)
  }

  #deliver(at: number, end: End<V>, body: unknown, size: number): void {
    if (body instanceof HangUp) this.#agenda.add(at, kinds.down, end, body.error)
    else this.#agenda.add(at, kinds.frame, end, body, size)
  }

  #queue(end: End<V>, size: number): void {
    const { high = limits.sendHighMark } = end.host.init.marks ?? {}
    end.queued += size
    this.#agenda.add(end.host.up.freeAt, kinds.departed, end, undefined, size)
    if (end.queued > limits.sendMax) {
      this.hangUp(end, new TooLargeError(`${end.queued} bytes wait for ${end.peer}`))
    } else if (!end.isSlow && end.queued > high) {
      end.isSlow = true
      this.#soon(kinds.slow, end)
    }
  }

  #isCut(a: PeerKey, b: PeerKey): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(pair(a, b))
  }
}

function pair(a: PeerKey, b: PeerKey): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`
}
