import type { Item } from '@peerage/catalog'
import { World, type Edge, type WorldInit } from '@peerage/testbed'
import { floodCodec } from '../src/codec/flood-codec.ts'
import { FloodCore, type FloodCoreInit } from '../src/core/flood-core.ts'
import type { FloodNews, FloodResult, FloodVocabulary, FloodWork } from '../src/core/vocabulary.ts'
import { song } from './solo.ts'

const utf8 = { bytes: new TextEncoder(), text: new TextDecoder() }

export interface OverlayInit
  extends Partial<WorldInit>, Pick<FloodCoreInit, 'limits' | 'strategy'> {
  /** which hosts share the song @default none */
  sharers?: readonly string[]
}

/** Told by one host. */
export type Told = FloodNews & { host: string }

/**
 * A simulated network of flood cores. Envelopes are JSON in place of signatures: what a host signs
 * in its own name holds, what anybody else writes is a forgery.
 */
export class Overlay {
  readonly world: World<FloodVocabulary>
  readonly told: Told[] = []
  readonly #init: OverlayInit
  readonly #cores = new Map<string, FloodCore>()

  constructor(init: OverlayInit = {}) {
    this.#init = init
    this.world = new World({ seed: 1, latency: 20, jitter: 10, check: true, ...init })
  }

  add(host: string, match = this.#matchFor(host)): void {
    const { limits, strategy } = this.#init
    const { random } = this.world
    const core = new FloodCore({
      self: host,
      random,
      match,
      ...(limits && { limits }),
      ...(strategy && { strategy })
    })
    this.#cores.set(host, core)
    this.world.add(host, core, {
      tell: (news) => this.told.push({ ...news, host }),
      work: (work) => ({ result: doWork(host, work), takesMicros: 200 }),
      sizeOf: (frame) => floodCodec.encode(frame).byteLength
    })
    this.world.ask(host, { type: 'record', record: utf8.bytes.encode(host) })
  }

  /** Adds hosts named `0` … and connects them, and waits until they are neighbours. */
  build(count: number, edges: Iterable<Edge>): this {
    for (let i = 0; i < count; i++) this.add(`${i}`)
    for (const [a, b] of edges) this.world.connect(`${a}`, `${b}`)
    this.world.run({ until: 1_000 })
    return this
  }

  core(host: string): FloodCore {
    return this.#cores.get(host)!
  }

  /** Lets a host search, and returns all that was told until the search is over. */
  search(host: string, ttl = 7, limit = 1000): Told[] {
    this.told.length = 0
    const query = { words: 'blue train', limit: 50 }
    this.world.ask(host, { type: 'search', run: 1, query, ttl, limit, timeout: 8_000 })
    this.world.run({ until: this.world.now + 9_000 })
    return this.told
  }

  #matchFor(host: string): () => Item[] {
    const shares = this.#init.sharers?.includes(host) === true
    return () => (shares ? [song] : [])
  }
}

/** The news of one kind. */
export function only<T extends FloodNews['type']>(
  told: Told[],
  type: T
): Extract<Told, { type: T }>[] {
  return told.filter((news): news is Extract<Told, { type: T }> => news.type === type)
}

function doWork(host: string, work: FloodWork): FloodResult {
  if (work.type === 'meet') return { type: 'met', peer: utf8.text.decode(work.record) }
  if (work.type === 'sign') {
    const signed = { responder: host, queryId: work.queryId.join(), items: work.items }
    return { type: 'signed', envelope: utf8.bytes.encode(JSON.stringify(signed)) }
  }
  const { responder, queryId, items } = JSON.parse(utf8.text.decode(work.envelope))
  if (queryId !== work.queryId.join()) return { type: 'failed', reason: 'for another query' }
  return { type: 'verified', responder, items, addresses: [] }
}
