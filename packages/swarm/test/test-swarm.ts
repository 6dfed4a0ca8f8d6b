import { World } from '@peerage/testbed'
import type { Core, Effect, Emit, Input, PeerKey } from '@peerage/wire'
import type { Torrent } from '../src/codec/metainfo.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import type { MakeUploadPolicy } from '../src/core/uploads/policies/policy.ts'
import { Control } from '../src/core/control.ts'
import { TorrentCore } from '../src/core/torrent.ts'
import type {
  TorrentNews,
  TorrentResult,
  TorrentVocabulary,
  TorrentWork
} from '../src/core/vocabulary.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent, noise } from './fake-torrent.ts'
import { sizeOf } from './sim/size-of.ts'

export interface TestSwarmInit {
  /** bytes @default 40 pieces and a short one */
  length?: number
  pieceLength?: number
  seed?: number
  /** milliseconds a frame is on its way @default 20 */
  latency?: number
  /** milliseconds by which that varies @default 0 */
  jitter?: number
  /** every node's uplink, in bytes per second @default Infinity */
  up?: number
}

/** What a node starts with: all pieces, none, some, or the info-hash alone. */
export type Start = 'all' | 'none' | 'magnet' | number[]

/** Torrent cores in one world, around one torrent. */
export class TestSwarm {
  readonly torrent: Torrent
  readonly content: Uint8Array
  readonly world: World<TorrentVocabulary>
  readonly nodes = new Map<PeerKey, TestNode>()

  constructor(init: TestSwarmInit = {}) {
    const { length = 40 * 65_536 + 5_000, pieceLength = 65_536, seed = 1 } = init
    const { latency = 20, jitter = 0, up = Infinity } = init
    this.content = noise(length)
    this.torrent = fakeTorrent({ length, pieceLength })
    const bandwidth = { up, down: Infinity }
    this.world = new World({ seed, latency, jitter, bandwidth, check: true })
  }

  add(key: PeerKey, start: Start = 'none', bend?: Bend, uploads?: MakeUploadPolicy): TestNode {
    const node = new TestNode(this, key, start, bend, uploads)
    this.nodes.set(key, node)
    this.world.add(key, node, { work: node.work, tell: (news) => node.news.push(news), sizeOf })
    return node
  }

  connect(a: TestNode, ...others: TestNode[]): void {
    for (const other of others) this.world.connect(a.key, other.key)
  }

  /** Lets time pass until it holds. @throws when it does not within ten virtual hours */
  run(until: () => boolean, within = 36_000_000): void {
    if (!this.world.run({ until, within })) throw new Error(`not reached at ${this.world.now} ms`)
  }
}

/** Bends what a node sends: another message, or none. */
export type Bend = (frame: PeerMessage, to: PeerKey) => PeerMessage | undefined

/** A core with its disk, whose sending can be bent, and what it told. */
export class TestNode implements Core<TorrentVocabulary> {
  readonly key: PeerKey
  readonly core: TorrentCore
  readonly disk: Uint8Array
  readonly control: Control
  readonly news: TorrentNews[] = []
  /** peers it has proved a lie */
  readonly liars = new Set<PeerKey>()
  /** peers it has charged with anything, and their points */
  readonly charged = new Map<PeerKey, number>()
  /** bytes of blocks that came */
  received = 0
  /** channels it has */
  readonly peers = new Set<PeerKey>()
  /** files its storage was told are wanted */
  wanted: readonly boolean[] | undefined
  /** when set, writing fails with it */
  diskError: Error | undefined
  readonly #swarm: TestSwarm
  readonly #bend: Bend
  #complete = false

  constructor(
    swarm: TestSwarm,
    key: PeerKey,
    start: Start,
    bend: Bend = (frame) => frame,
    uploads?: MakeUploadPolicy
  ) {
    const { torrent, content } = swarm
    const have = piecesOf(start, torrent)
    this.key = key
    this.control = new Control()
    this.disk = new Uint8Array(content.length)
    this.#swarm = swarm
    this.#bend = bend
    for (const piece of have)
      this.disk.set(bytesOf(torrent, content, piece), offset(torrent, piece))
    this.core = new TorrentCore({
      control: this.control,
      infoHash: torrent.infoHash,
      peerId: new TextEncoder().encode(key.padEnd(20).slice(0, 20)),
      random: swarm.world.random,
      uploads,
      ...(start !== 'magnet' && { torrent, have })
    })
  }

  /** every piece is here, and the bytes are right */
  get complete(): boolean {
    // compared once: this is asked after every event
    this.#complete ||= this.progress.state === 'seeding' && same(this.disk, this.#swarm.content)
    return this.#complete
  }

  get progress(): ReturnType<TorrentCore['progress']> {
    return this.core.progress(this.#swarm.world.now)
  }

  get wakeAt(): number {
    return this.core.wakeAt
  }

  check(): void {
    this.core.check()
  }

  handle(now: number, input: Input<TorrentVocabulary>, emit: Emit<TorrentVocabulary>): void {
    if (input.type === 'up') this.peers.add(input.peer)
    if (input.type === 'down') this.peers.delete(input.peer)
    if (input.type === 'frame' && input.frame.type === 'piece') {
      this.received += input.frame.block.byteLength
    }
    this.core.handle(now, input, (effect) => {
      this.#pass(effect, emit)
    })
  }

  readonly work = (work: TorrentWork): { result: TorrentResult; takesMicros: number } => ({
    result: this.#result(work),
    takesMicros: 1_000
  })

  #pass(effect: Effect<TorrentVocabulary>, emit: Emit<TorrentVocabulary>): void {
    if (effect.type === 'score' && effect.offence === limits.trust.lie) this.liars.add(effect.peer)
    if (effect.type === 'score') {
      this.charged.set(effect.peer, (this.charged.get(effect.peer) ?? 0) + effect.offence)
    }
    if (effect.type !== 'send') return emit(effect)
    const frame = this.#bend(effect.frame, effect.peer)
    if (frame != null) emit({ ...effect, frame })
  }

  #result(work: TorrentWork): TorrentResult {
    const { torrent, content } = this.#swarm
    if (work.type === 'adopt') {
      return same(work.info, torrent.info) ? { type: 'adopted', torrent } : { type: 'corrupt' }
    }
    if (work.type === 'want') {
      if (this.diskError != null) return { type: 'failed', error: this.diskError }
      this.wanted = work.files
      return { type: 'wanted' }
    }
    if (work.type === 'find-records') return { type: 'found-records', records: [] }
    if (work.type === 'open-records') return { type: 'opened-records', peers: [], forged: true }
    const from = offset(torrent, work.piece)
    if (work.type === 'read') {
      const at = from + work.begin
      return { type: 'read', bytes: this.disk.slice(at, at + work.length) }
    }
    if (!same(work.bytes, bytesOf(torrent, content, work.piece))) return { type: 'corrupt' }
    if (this.diskError != null) return { type: 'failed', error: this.diskError }
    this.disk.set(work.bytes, from)
    return { type: 'stored' }
  }
}

/** Changes one byte of every n-th block. */
export function lieEvery(n: number): Bend {
  let sent = 0
  return (frame) => {
    if (frame.type !== 'piece' || ++sent % n !== 0) return frame
    const block = frame.block.slice()
    block[0]! ^= 1
    return { ...frame, block }
  }
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => b[i] === byte)
}

function piecesOf(start: Start, { pieceCount }: Torrent): Bitfield {
  if (start === 'all') return Bitfield.full(pieceCount)
  const pieces = new Bitfield(pieceCount)
  if (Array.isArray(start)) for (const piece of start) pieces.add(piece)
  return pieces
}

function offset({ pieceLength }: Torrent, piece: number): number {
  return piece * pieceLength
}

function bytesOf(torrent: Torrent, content: Uint8Array, piece: number): Uint8Array {
  const from = offset(torrent, piece)
  return content.subarray(from, from + torrent.pieceSize(piece))
}
