import type { Logger } from '@libp2p/interface'
import type { Channel } from './channel.ts'
import { systemClock, type Clock } from './clock.ts'
import type { Core, Effect, Input, PeerKey, Vocabulary } from './core/core.ts'
import type { PeerLedger } from './core/peer-ledger.ts'
import { asError, ChannelClosedError, WireError } from './errors.ts'
import { limits as defaults, type WireLimits } from './limits.ts'
import { Waiter } from './waiter.ts'

export interface DriverInit<V extends Vocabulary> {
  core: Core<V>
  /** this node's own id; decides which of two crossing channels stays */
  self: PeerKey
  /** Carries out a job. It should not reject: what goes wrong is a result too. */
  work: (work: V['work'], signal: AbortSignal) => Promise<V['result']>
  /** makes a result of a rejection nobody foresaw */
  failed: (error: Error) => V['result']
  tell: (news: V['news']) => void
  /** opens a channel for a `dial` effect; without it every dial fails */
  dial?: (peer: PeerKey, signal: AbortSignal) => Promise<Channel<V['frame']>>
  ledger?: PeerLedger
  /** @default systemClock */
  clock?: Clock
  limits?: Partial<WireLimits>
  log: Logger
}

/** Runs a pure core in real time: channels become inputs, effects become sends, jobs and timers. */
export class Driver<V extends Vocabulary> {
  readonly #init: DriverInit<V>
  readonly #clock: Clock
  readonly #limits: WireLimits
  readonly #channels = new Map<PeerKey, Channel<V['frame']>>()
  /** raised when a channel is let go, so that its pump does not wait for the peer's last word */
  readonly #leaving = new Map<Channel<V['frame']>, AbortController>()
  readonly #slow = new Set<PeerKey>()
  readonly #pumps = new Set<Promise<void>>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #room = new Waiter()
  readonly #inbox: Array<Input<V>> = []
  #handling = false
  #jobs = 0
  #stopped = false
  #end: Promise<void> | undefined
  #armedFor = Infinity
  #disarm: () => void = () => {}

  constructor(init: DriverInit<V>) {
    this.#init = init
    this.#clock = init.clock ?? systemClock
    this.#limits = { ...defaults, ...init.limits }
    this.#arm()
  }

  get peers(): PeerKey[] {
    return [...this.#channels.keys()]
  }

  /** Takes a channel in: `up`, its frames in order, and `down` at its end. */
  attach(channel: Channel<V['frame']>): void {
    const { key } = channel
    const known = this.#channels.get(key)
    if (this.#stopping.signal.aborted || (known != null && this.#outranks(known, channel))) {
      void channel.end()
      return
    }
    if (known != null) this.#detach(known)
    this.#channels.set(key, channel)
    const leaving = new AbortController()
    this.#leaving.set(channel, leaving)
    this.#input({ type: 'up', peer: key, direction: channel.direction, limited: channel.limited })
    const pump = this.#pump(channel, leaving.signal).finally(() => this.#pumps.delete(pump))
    this.#pumps.add(pump)
  }

  ask(ask: V['ask']): void {
    this.#input({ type: 'ask', ask })
  }

  /**
   * Says goodbye to every peer and lets jobs under way end, so that the core hears of what they
   * did; no timer or channel is left when it resolves.
   */
  stop(): Promise<void> {
    this.#end ??= this.#stop()
    return this.#end
  }

  async #stop(): Promise<void> {
    const jobsEnded = this.#jobsEnded()
    this.#stopping.abort()
    this.#disarm()
    this.#room.wake()
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    for (const leaving of this.#leaving.values()) leaving.abort()
    await Promise.all(channels.map((channel) => channel.end()))
    for (const channel of channels) channel.abort(new ChannelClosedError('stopped'))
    await Promise.all([...this.#pumps, jobsEnded])
    this.#stopped = true
  }

  /** Waits for the jobs under way, but not for ever: one may hang on a dead disk. */
  async #jobsEnded(): Promise<void> {
    const late = Promise.withResolvers<void>()
    const cancel = this.#clock.after(this.#limits.endTimeout, late.resolve)
    await Promise.race([Promise.all(this.#underWay), late.promise])
    cancel()
  }

  /** Both sides keep the channel that the smaller id opened; of two by the same opener, the newer. */
  #outranks(known: Channel<V['frame']>, other: Channel<V['frame']>): boolean {
    if (known.direction === other.direction) return false
    const opener = known.direction === 'outbound' ? this.#init.self : known.key
    return opener === (this.#init.self < known.key ? this.#init.self : known.key)
  }

  async #pump(channel: Channel<V['frame']>, leaving: AbortSignal): Promise<void> {
    let error: Error | undefined
    try {
      for (;;) {
        // a slow disk or a long queue of signatures slows the sender down
        while (this.#jobs >= this.#limits.maxJobs) await this.#room.wait(leaving)
        const frame = channel.poll() ?? (await channel.receive({ signal: leaving }))
        if (frame === undefined) break
        if (this.#channels.get(channel.key) !== channel) return
        // by another driver with the same ledger, or as it came
        if (this.#isBanned(channel.key)) return this.#drop(channel.key, 'it is banned')
        this.#input({ type: 'frame', peer: channel.key, frame })
      }
    } catch (reason) {
      if (leaving.aborted) return
      error = asError(reason)
      if (error instanceof WireError) {
        this.#init.ledger?.score(this.#clock.now(), channel.key, this.#limits.dropAt)
      }
    }
    this.#detach(channel, error)
  }

  /** Tells the core once that a channel is gone and closes what is left of it. */
  #detach(channel: Channel<V['frame']>, error?: Error): void {
    void channel.end()
    this.#leaving.get(channel)?.abort()
    this.#leaving.delete(channel)
    if (this.#channels.get(channel.key) !== channel) return
    this.#channels.delete(channel.key)
    this.#slow.delete(channel.key)
    this.#input({ type: 'down', peer: channel.key, ...(error == null ? {} : { error }) })
  }

  /** Inputs that arise while the core handles one wait for their turn. */
  #input(input: Input<V>): void {
    if (this.#stopped || (this.#stopping.signal.aborted && input.type !== 'done')) return
    this.#inbox.push(input)
    if (this.#handling) return
    this.#handling = true
    try {
      for (let next = this.#inbox.shift(); next != null; next = this.#inbox.shift()) {
        this.#handle(next)
      }
    } finally {
      this.#handling = false
    }
    this.#arm()
  }

  #handle(input: Input<V>): void {
    try {
      this.#init.core.handle(this.#clock.now(), input, this.#carryOut)
    } catch (reason) {
      // a core must not throw; if it does, one input is lost, not the process
      this.#init.log.error('the core threw on %s - %e', input.type, asError(reason))
    }
  }

  readonly #carryOut = (effect: Effect<V>): void => {
    switch (effect.type) {
      case 'send':
        return this.#send(effect.peer, effect.frame)
      case 'drop':
        return this.#drop(effect.peer, effect.reason)
      case 'score':
        return this.#score(effect.peer, effect.offence, effect.reason)
      case 'dial':
        return void this.#dial(effect.peer)
      case 'job':
        return this.#begin(effect.job, effect.work)
      case 'tell':
        return this.#init.tell(effect.news)
    }
  }

  #send(peer: PeerKey, frame: V['frame']): void {
    const channel = this.#channels.get(peer)
    if (channel == null || channel.post(frame) || this.#slow.has(peer)) return
    this.#slow.add(peer)
    this.#input({ type: 'slow', peer })
    void channel.ready().then(() => {
      if (this.#channels.get(peer) !== channel) return
      this.#slow.delete(peer)
      this.#input({ type: 'ready', peer })
    })
  }

  #drop(peer: PeerKey, reason: string): void {
    const channel = this.#channels.get(peer)
    if (channel == null) return
    this.#init.log('dropping %s - %s', peer, reason)
    this.#detach(channel)
  }

  #score(peer: PeerKey, offence: number, reason: string): void {
    const verdict = this.#init.ledger?.score(this.#clock.now(), peer, offence) ?? 'keep'
    if (verdict !== 'keep') this.#drop(peer, `${reason} (${verdict})`)
  }

  #isBanned(peer: PeerKey): boolean {
    const { ledger } = this.#init
    return ledger != null && ledger.bannedUntil(this.#clock.now(), peer) > 0
  }

  async #dial(peer: PeerKey): Promise<void> {
    try {
      if (this.#init.dial == null) throw new Error('this protocol does not dial')
      this.attach(await this.#init.dial(peer, this.#stopping.signal))
    } catch (reason) {
      // the peer may have come to us meanwhile: then it is up, whatever became of the dial
      if (this.#channels.has(peer)) return
      this.#input({ type: 'down', peer, error: asError(reason) })
    }
  }

  #begin(job: number, work: V['work']): void {
    if (this.#stopping.signal.aborted) return
    const ended = this.#work(job, work).finally(() => this.#underWay.delete(ended))
    this.#underWay.add(ended)
  }

  async #work(job: number, work: V['work']): Promise<void> {
    this.#jobs++
    let result: V['result']
    try {
      result = await this.#init.work(work, this.#stopping.signal)
    } catch (reason) {
      result = this.#init.failed(asError(reason))
    }
    this.#jobs--
    this.#room.wake()
    this.#input({ type: 'done', job, result })
  }

  /** One real timer for the core's next deadline. */
  #arm(): void {
    const { wakeAt } = this.#init.core
    if (wakeAt === this.#armedFor || this.#stopping.signal.aborted) return
    this.#disarm()
    this.#armedFor = wakeAt
    if (wakeAt === Infinity) return
    this.#disarm = this.#clock.after(Math.max(0, wakeAt - this.#clock.now()), () => {
      this.#armedFor = Infinity
      this.#input({ type: 'wake' })
    })
  }
}
