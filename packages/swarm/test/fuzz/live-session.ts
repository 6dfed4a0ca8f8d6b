import {
  PeerLedger,
  WireError,
  type Effect,
  type Input,
  type PeerKey,
  type Random
} from '@peerage/wire'
import { encodeExtendedHandshake, encodeMetadata } from '../../src/codec/extended.ts'
import { ourReserved } from '../../src/codec/handshake.ts'
import { encodePex, ourPexId } from '../../src/codec/peer-exchange.ts'
import { peerWire, type PeerMessage } from '../../src/codec/peer-wire.ts'
import { encodeQueueStatus } from '../../src/codec/queue-status.ts'
import { Bitfield } from '../../src/core/bitfield.ts'
import { TorrentCore } from '../../src/core/torrent.ts'
import type { TorrentResult, TorrentVocabulary, TorrentWork } from '../../src/core/vocabulary.ts'
import { limits } from '../../src/limits.ts'
import { noise } from '../fake-torrent.ts'
import { torrent } from '../probe.ts'
import { draw, mutate } from './mutate.ts'
import { bytesOf } from './valid-stream.ts'

const { block } = limits.wire

/** Effects of one input beyond which something has run away. */
const mostEffects = 5_000

const { info } = torrent
const size = info.byteLength

const hashes = { root: noise(32), base: 0, index: 0, length: 4, proofs: 1 }

/** What goes on in extended messages. */
const talk: readonly PeerMessage[] = [
  extended(0, encodeExtendedHandshake({ metadataId: 3, metadataSize: size, queueId: 4 })),
  extended(0, encodeExtendedHandshake({ metadataId: 3, uploadOnly: true })),
  extended(0, encodeExtendedHandshake({ requestQueue: 1, uploadOnly: false })),
  extended(1, encodeMetadata({ type: 'request', piece: 0 })),
  extended(1, encodeMetadata({ type: 'request', piece: 2 })),
  extended(1, encodeMetadata({ type: 'reject', piece: 0 })),
  extended(1, encodeMetadata({ type: 'data', piece: 0, size, bytes: info.subarray(0, block) })),
  extended(1, encodeMetadata({ type: 'data', piece: 1, size, bytes: info.subarray(block) })),
  extended(0, encodeExtendedHandshake({ pexId: 6, dontHaveId: 7 })),
  extended(ourPexId, encodePex({ added: [noise(40)], dropped: ['b'] })),
  extended(5, encodeQueueStatus({ position: 2, length: 3, wait: undefined }))
]

interface Line {
  reader: ReturnType<ReturnType<typeof peerWire>['reader']>
  /** blocks the core asks for here */
  asked: (PeerMessage & { type: 'request' })[]
}

/**
 * A core that fetches and gives, and peers that say mostly what peers say, at any time, some of it
 * with changed bytes. After every step the core's invariants hold, and it addresses nobody who is
 * gone.
 */
export class LiveSession {
  readonly #random: Random
  readonly #core: TorrentCore
  readonly #ledger = new PeerLedger()
  readonly #lines = new Map<PeerKey, Line>()
  readonly #jobs: { job: number; work: TorrentWork }[] = []
  readonly #inbox: Input<TorrentVocabulary>[] = []
  #now = 0

  constructor(random: Random) {
    this.#random = random
    const start = draw(random, ['none', 'some', 'all', 'magnet'])
    const have =
      start === 'all' ? Bitfield.full(torrent.pieceCount) : new Bitfield(torrent.pieceCount)
    if (start === 'some') for (const piece of [1, 4, 9]) have.add(piece)
    this.#core = new TorrentCore({
      infoHash: torrent.infoHash,
      peerId: noise(20),
      random,
      ...(start !== 'magnet' && { torrent, have })
    })
  }

  step(): void {
    const peer = draw(this.#random, ['a', 'b', 'c'])
    const line = this.#lines.get(peer)
    if (line == null) this.#connect(peer)
    else if (this.#chance(10)) this.#else(peer)
    else if (this.#chance(4) && this.#jobs.length > 0) this.#finish()
    else this.#hear(peer, line)
  }

  #connect(peer: PeerKey): void {
    const line = { reader: peerWire().reader(), asked: [] }
    this.#lines.set(peer, line)
    this.#give({
      type: 'up',
      peer,
      direction: draw(this.#random, ['inbound', 'outbound']),
      limited: false
    })
    const { infoHash } = torrent
    this.#read(
      peer,
      line,
      bytesOf({ type: 'handshake', infoHash, peerId: noise(20), reserved: ourReserved() })
    )
  }

  /** What happens beside messages. */
  #else(peer: PeerKey): void {
    const files = [this.#random.below(8)]
    const inputs: Input<TorrentVocabulary>[] = [
      { type: 'down', peer },
      { type: 'slow', peer },
      { type: 'ready', peer },
      { type: 'ask', ask: { type: 'pause' } },
      { type: 'ask', ask: { type: 'resume' } },
      { type: 'ask', ask: { type: 'know', peer: 'd' } },
      { type: 'ask', ask: { type: 'prioritize', files } },
      { type: 'ask', ask: { type: 'deadline', piece: this.#random.below(10), at: this.#now } },
      { type: 'ask', ask: { type: 'order', order: 'sequential' } },
      { type: 'wake' }
    ]
    this.#now += draw(this.#random, [0, 1, 1_000, 11_000])
    const input = draw(this.#random, inputs)
    if (input.type === 'down') this.#lines.delete(peer)
    this.#give(input)
  }

  #finish(): void {
    const { job, work } = this.#jobs.splice(this.#random.below(this.#jobs.length), 1)[0]!
    this.#give({ type: 'done', job, result: this.#resultOf(work) })
  }

  #resultOf(work: TorrentWork): TorrentResult {
    const error = new Error('no space left')
    if (work.type === 'want') return { type: 'wanted' }
    if (work.type === 'find-records') {
      return { type: 'found-records', records: work.peers.map((peer) => [peer, noise(40)]) }
    }
    if (work.type === 'open-records') {
      return { type: 'opened-records', peers: ['a', 'd'], forged: this.#chance(4) }
    }
    if (work.type === 'adopt')
      return draw(this.#random, [{ type: 'adopted', torrent }, { type: 'corrupt' }])
    if (this.#chance(8)) return { type: 'failed', error }
    if (work.type === 'read') return { type: 'read', bytes: new Uint8Array(work.length) }
    return this.#chance(4) ? { type: 'corrupt' } : { type: 'stored' }
  }

  /** The peer says something; one time in six, bytes of it are changed. */
  #hear(peer: PeerKey, line: Line): void {
    const bytes = bytesOf(this.#something(line))
    this.#read(peer, line, this.#chance(6) ? mutate(this.#random, [bytes]) : bytes)
  }

  #something({ asked }: Line): PeerMessage {
    const random = this.#random
    const request =
      asked.length > 0 && !this.#chance(3)
        ? asked.splice(random.below(asked.length), 1)[0]
        : undefined
    if (request != null) {
      const { piece, begin, length } = request
      if (this.#chance(6)) return { type: 'reject', piece, begin, length }
      return { type: 'piece', piece, begin, block: new Uint8Array(length) }
    }
    const span = { piece: random.below(11), begin: random.below(5) * block, length: block }
    const { piece } = span
    return draw<PeerMessage>(random, [
      draw(random, [
        { type: 'have-all' },
        { type: 'have-none' },
        { type: 'bitfield', bits: random.bytes(2) }
      ]),
      { type: 'have', piece },
      { type: 'unchoke' },
      { type: 'unchoke' },
      { type: 'choke' },
      { type: 'interested' },
      { type: 'not-interested' },
      { type: 'request', ...span },
      { type: 'cancel', ...span },
      { type: 'allowed-fast', piece },
      { type: 'hash-request', ...hashes },
      { type: 'hash-reject', ...hashes },
      { type: 'hashes', ...hashes, hashes: random.bytes(4 * 32) },
      ...talk,
      extended(2, Uint8Array.of(0, 0, 0, piece))
    ])
  }

  /** Bytes come in on a line, as a channel reads them. */
  #read(peer: PeerKey, line: Line, bytes: Uint8Array): void {
    line.reader.push(bytes)
    while (this.#lines.get(peer) === line) {
      const frame = line.reader.next()
      if (frame === undefined || frame === 'goodbye') return
      if (!(frame instanceof WireError)) this.#give({ type: 'frame', peer, frame })
      else this.#cut(peer)
    }
  }

  #cut(peer: PeerKey): void {
    if (this.#lines.delete(peer)) this.#give({ type: 'down', peer })
  }

  /** Inputs that come of effects wait for their turn, as the driver has it. */
  #give(input: Input<TorrentVocabulary>): void {
    this.#inbox.push(input)
    if (this.#inbox.length > 1) return
    for (let next = this.#inbox[0]; next != null; next = this.#inbox[0]) {
      let effects = 0
      this.#core.handle(this.#now, next, (effect) => {
        if (++effects > mostEffects) throw new Error(`no end of effects on ${next.type}`)
        this.#carryOut(effect)
      })
      this.#core.check()
      this.#inbox.shift()
    }
  }

  #carryOut(effect: Effect<TorrentVocabulary>): void {
    if (effect.type === 'job') this.#jobs.push(effect)
    if (effect.type === 'dial') this.#inbox.push({ type: 'down', peer: effect.peer })
    if (effect.type === 'drop') this.#hangUp(effect.peer)
    if (effect.type === 'score') {
      const verdict = this.#ledger.score(this.#now, effect.peer, effect.offence)
      if (verdict !== 'keep') this.#hangUp(effect.peer)
    }
    if (effect.type === 'send') this.#sent(effect.peer, effect.frame)
  }

  #hangUp(peer: PeerKey): void {
    if (this.#lines.delete(peer)) this.#inbox.push({ type: 'down', peer })
  }

  #sent(peer: PeerKey, frame: PeerMessage): void {
    bytesOf(frame)
    if (frame.type === 'request') this.#lines.get(peer)?.asked.push(frame)
  }

  #chance(oneIn: number): boolean {
    return this.#random.below(oneIn) === 0
  }
}

function extended(id: number, payload: Uint8Array): PeerMessage {
  return { type: 'extended', id, payload }
}
