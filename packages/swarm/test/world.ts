import { PeerLedger, type Effect, type Input, type PeerKey, type Random } from '@peerage/wire'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import type { Torrent } from '../src/codec/metainfo.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import { TorrentCore } from '../src/core/torrent.ts'
import type {
  TorrentNews,
  TorrentResult,
  TorrentVocabulary,
  TorrentWork
} from '../src/core/vocabulary.ts'

/** A source of chance that repeats itself (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const u32 = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    u32,
    below: (n) => Math.floor((u32() / 2 ** 32) * n),
    bytes: (n) => Uint8Array.from({ length: n }, () => u32() >>> 24)
  }
}

export interface WorldInit {
  torrent: Torrent
  content: Uint8Array
  seed: number
  /** milliseconds a frame is on its way */
  latency?: number
}

/** One node of a world: a core, its disk, and what it told. */
export class WorldNode {
  readonly key: PeerKey
  readonly core: TorrentCore
  readonly disk: Uint8Array
  readonly news: TorrentNews[] = []
  readonly ledger = new PeerLedger()
  readonly links = new Set<PeerKey>()
  /** when set, writing fails with it */
  diskError: Error | undefined
  /** bends what this node sends */
  bend: (frame: PeerMessage, to: PeerKey) => PeerMessage | undefined = (frame) => frame
  readonly banned = new Set<PeerKey>()
  /** bytes of blocks received */
  received = 0

  constructor(key: PeerKey, core: TorrentCore, disk: Uint8Array) {
    this.key = key
    this.core = core
    this.disk = disk
  }
}

interface Event {
  at: number
  run: () => void
}

/** Torrent cores that talk to each other in virtual time, in an order drawn by a seed. */
export class World {
  now = 0
  readonly nodes = new Map<PeerKey, WorldNode>()
  readonly #init: WorldInit
  readonly #random: Random
  /** events of one lane keep their order */
  readonly #lanes = new Map<string, Event[]>()

  constructor(init: WorldInit) {
    this.#init = init
    this.#random = seeded(init.seed)
  }

  /** @param have pieces it starts with; 'magnet' knows the info-hash only */
  add(key: PeerKey, have: 'all' | 'none' | 'magnet' | number[] = 'none'): WorldNode {
    const { torrent, content } = this.#init
    const pieces =
      have === 'all' ? Bitfield.full(torrent.pieceCount) : new Bitfield(torrent.pieceCount)
    if (Array.isArray(have)) for (const piece of have) pieces.add(piece)
    const disk = new Uint8Array(content.length)
    for (const piece of pieces) {
      const from = piece * torrent.pieceLength
      disk.set(content.subarray(from, from + torrent.pieceSize(piece)), from)
    }
    const core = new TorrentCore({
      infoHash: torrent.infoHash,
      peerId: new TextEncoder().encode(key.padEnd(20).slice(0, 20)),
      random: this.#random,
      ...(have !== 'magnet' && { torrent, have: pieces })
    })
    const node = new WorldNode(key, core, disk)
    this.nodes.set(key, node)
    return node
  }

  connect(a: WorldNode, b: WorldNode): void {
    if (a === b || a.links.has(b.key)) return
    a.links.add(b.key)
    b.links.add(a.key)
    this.input(a, { type: 'up', peer: b.key, direction: 'outbound', limited: false })
    this.input(b, { type: 'up', peer: a.key, direction: 'inbound', limited: false })
  }

  cut(a: WorldNode, b: WorldNode): void {
    for (const [node, other] of [
      [a, b],
      [b, a]
    ] as const) {
      if (node.links.delete(other.key)) this.input(node, { type: 'down', peer: other.key })
    }
  }

  kill(node: WorldNode): void {
    for (const key of node.links) this.cut(node, this.nodes.get(key)!)
    this.nodes.delete(node.key)
  }

  input(node: WorldNode, input: Input<TorrentVocabulary>): void {
    // as the driver does: inputs that arise while the core handles one wait for their turn
    const effects: Effect<TorrentVocabulary>[] = []
    node.core.handle(this.now, input, (effect) => effects.push(effect))
    for (const effect of effects) this.#carryOut(node, effect)
  }

  /** Runs until the condition holds. @throws when nothing happens any more or time is up */
  run(until: () => boolean, limit = 3_600_000): void {
    const end = this.now + limit
    while (!until()) {
      if (!this.step() || this.now > end) throw new Error(`nothing more happens at ${this.now} ms`)
    }
  }

  /** One event, or one wake. */
  step(): boolean {
    let wakeAt = Infinity
    let sleeper: WorldNode | undefined
    for (const node of this.nodes.values()) {
      if (node.core.wakeAt < wakeAt) [wakeAt, sleeper] = [node.core.wakeAt, node]
    }
    let first = Infinity
    for (const [event] of this.#lanes.values()) first = Math.min(first, event!.at)
    if (first === Infinity && wakeAt === Infinity) return false
    if (wakeAt <= first) {
      this.now = Math.max(this.now, wakeAt)
      this.input(sleeper!, { type: 'wake' })
    } else {
      this.now = Math.max(this.now, first)
      this.#next().run()
    }
    return true
  }

  check(): void {
    for (const node of this.nodes.values()) node.core.check()
  }

  /** The first event of any lane that is due. */
  #next(): Event {
    const due: string[] = []
    for (const [lane, [event]] of this.#lanes) if (event!.at <= this.now) due.push(lane)
    const lane = due[this.#random.below(due.length)]!
    const events = this.#lanes.get(lane)!
    if (events.length === 1) this.#lanes.delete(lane)
    return events.shift()!
  }

  #later(lane: string, delay: number, run: () => void): void {
    const events = this.#lanes.get(lane)
    const at = Math.max(this.now + delay, events?.at(-1)?.at ?? 0)
    if (events == null) this.#lanes.set(lane, [{ at, run }])
    else events.push({ at, run })
  }

  #carryOut(node: WorldNode, effect: Effect<TorrentVocabulary>): void {
    switch (effect.type) {
      case 'send':
        return this.#send(node, effect.peer, effect.frame)
      case 'drop':
        return this.#drop(node, effect.peer)
      case 'score': {
        const verdict = node.ledger.score(this.now, effect.peer, effect.offence)
        if (verdict === 'ban') node.banned.add(effect.peer)
        if (verdict !== 'keep') this.#drop(node, effect.peer)
        return
      }
      case 'job':
        return this.#work(node, effect.job, effect.work)
      case 'dial':
        return this.#dial(node, effect.peer)
      case 'tell':
        node.news.push(effect.news)
    }
  }

  #send(node: WorldNode, to: PeerKey, frame: PeerMessage): void {
    const bent = node.bend(frame, to)
    if (bent == null) return
    this.#later(`${node.key}>${to}`, this.#init.latency ?? 0, () => {
      const other = this.nodes.get(to)
      if (other == null || !other.links.has(node.key) || !node.links.has(to)) return
      if (bent.type === 'piece') other.received += bent.block.byteLength
      this.input(other, { type: 'frame', peer: node.key, frame: bent })
    })
  }

  #drop(node: WorldNode, peer: PeerKey): void {
    const other = this.nodes.get(peer)
    if (other == null) return
    // messages on their way arrive first, as they do before a stream's end
    node.links.delete(peer)
    this.#later(`drop:${node.key}`, 0, () => {
      this.input(node, { type: 'down', peer })
      if (other.links.delete(node.key)) this.input(other, { type: 'down', peer: node.key })
    })
  }

  #dial(node: WorldNode, peer: PeerKey): void {
    this.#later(`dial:${node.key}`, this.#init.latency ?? 0, () => {
      const other = this.nodes.get(peer)
      const refused = other == null || node.banned.has(peer) || other.banned.has(node.key)
      if (refused) this.input(node, { type: 'down', peer, error: new Error('refused') })
      else this.connect(node, other)
    })
  }

  #work(node: WorldNode, job: number, work: TorrentWork): void {
    this.#later(`job:${node.key}:${job}`, 1, () => {
      if (this.nodes.get(node.key) !== node) return
      this.input(node, { type: 'done', job, result: this.#result(node, work) })
    })
  }

  #result(node: WorldNode, work: TorrentWork): TorrentResult {
    const { torrent, content } = this.#init
    if (work.type === 'adopt') {
      return same(work.info, torrent.info) ? { type: 'adopted', torrent } : { type: 'corrupt' }
    }
    const from = work.piece * torrent.pieceLength
    if (work.type === 'read') {
      const bytes = node.disk.slice(from + work.begin, from + work.begin + work.length)
      return { type: 'read', bytes }
    }
    const right = content.subarray(from, from + torrent.pieceSize(work.piece))
    if (!same(work.bytes, right)) return { type: 'corrupt' }
    if (node.diskError != null) return { type: 'failed', error: node.diskError }
    node.disk.set(work.bytes, from)
    return { type: 'stored' }
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => b[i] === byte)
}
