import type { Item } from '@peerage/catalog'
import type { Random } from '@peerage/wire'
import type { FloodFrame, QueryFrame } from '../src/codec/frame.ts'
import { FloodCore, type FloodCoreInit } from '../src/core/flood-core.ts'
import type {
  FloodAsk,
  FloodEffect,
  FloodInput,
  FloodNews,
  FloodResult,
  FloodWork
} from '../src/core/vocabulary.ts'

/** Chance that counts up, so that a test knows what comes. */
function countingRandom(): Random {
  let next = 0
  return {
    u32: () => ++next,
    below: (n) => ++next % n,
    bytes: (n) => new Uint8Array(n).fill(++next)
  }
}

export const song: Item = {
  id: 'a1',
  name: 'blue train.flac',
  size: 7,
  type: 'audio',
  attributes: {}
}

/** One core whose every effect a test sees; the invariants are checked after every step. */
export class Solo {
  readonly core: FloodCore
  now = 0
  effects: FloodEffect[] = []

  constructor(init: Partial<FloodCoreInit> = {}) {
    const random = countingRandom()
    this.core = new FloodCore({ self: 'me', random, match: () => [], ...init })
  }

  /** Gives one input and keeps the effects of it alone. */
  give(input: FloodInput): this {
    this.effects = []
    this.core.handle(this.now, input, (effect) => this.effects.push(effect))
    this.core.check()
    return this
  }

  ask(ask: FloodAsk): this {
    return this.give({ type: 'ask', ask })
  }

  up(peer: string): this {
    return this.give({ type: 'up', peer, direction: 'inbound', limited: false })
  }

  frame(peer: string, frame: FloodFrame): this {
    return this.give({ type: 'frame', peer, frame })
  }

  /** Makes each of these a neighbour. */
  neighbours(...peers: string[]): this {
    for (const peer of peers) {
      const record = new TextEncoder().encode(peer)
      this.up(peer).frame(peer, { type: 'hello', degree: 1, record, others: [] })
      this.done({ type: 'met', peer })
    }
    return this
  }

  /** Answers the only job of the last step. */
  done(result: FloodResult): this {
    const job = this.effects.find((effect) => effect.type === 'job')
    if (job == null) throw new Error('the last step asked for no job')
    return this.give({ type: 'done', job: job.job, result })
  }

  /** Lets time pass up to the core's own next deadline. */
  sleep(): this {
    this.now = this.core.wakeAt
    return this.give({ type: 'wake' })
  }

  search(words = 'blue train', change: Partial<Extract<FloodAsk, { type: 'search' }>> = {}): this {
    const query = { words, limit: 50 }
    return this.ask({ type: 'search', run: 1, query, ttl: 7, limit: 100, timeout: 9000, ...change })
  }

  get sent(): Array<[string, FloodFrame]> {
    return this.effects.flatMap((effect) =>
      effect.type === 'send' ? [[effect.peer, effect.frame] as [string, FloodFrame]] : []
    )
  }

  get sentTo(): string[] {
    return this.sent.map(([peer]) => peer)
  }

  get news(): FloodNews[] {
    return this.effects.flatMap((effect) => (effect.type === 'tell' ? [effect.news] : []))
  }

  get work(): FloodWork[] {
    return this.effects.flatMap((effect) => (effect.type === 'job' ? [effect.work] : []))
  }

  /** the peers that offended in the last step, each with the reason */
  get scored(): Array<[string, string]> {
    return this.effects.flatMap((effect) =>
      effect.type === 'score' ? [[effect.peer, effect.reason] as [string, string]] : []
    )
  }
}

/** A query as a neighbour sends it. */
export function query(n: number, change: Partial<QueryFrame> = {}): QueryFrame {
  const words = { words: 'blue train', limit: 50 }
  return { type: 'query', id: idOf(n), ttl: 7, hops: 0, query: words, ...change }
}

export function idOf(n: number): Uint8Array {
  const id = new Uint8Array(16)
  new DataView(id.buffer).setUint32(0, n)
  return id
}
