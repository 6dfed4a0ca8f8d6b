import type { PeerKey, Random } from '@peerage/wire'
import type { BlockSpan, PeerMessage } from '../../codec/peer-wire.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import { limits } from '../../limits.ts'
import type { Bitfield } from '../bitfield.ts'
import { Choker } from './choker.ts'
import type { Control } from '../control.ts'
import type { Jobs } from '../jobs.ts'
import type { Losses } from '../losses.ts'
import type { PeerState } from '../peer-state.ts'
import type { Picker } from '../picker/picker.ts'
import type { UploadPolicy } from './policies/policy.ts'
import { mayAsk, reject } from './reject.ts'
import type { Turn } from '../vocabulary.ts'

const { queue, firstRead, read, reads } = limits.uploads

export interface UploadsInit {
  torrent: Torrent
  have: Bitfield
  peers: ReadonlyMap<PeerKey, PeerState>
  jobs: Jobs
  control: Control
  picker: Picker
  losses: Losses
  policy: UploadPolicy
  random: Random
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

/** The giving half of a torrent: whom to serve, and reading what they ask for. */
export class Uploads {
  /** bytes given, all peers together */
  total = 0
  readonly #init: UploadsInit
  readonly #choker: Choker

  constructor(init: UploadsInit) {
    this.#init = init
    this.#choker = new Choker(init)
  }

  /** Chooses anew whom to serve when it is time. */
  tick(turn: Turn): void {
    if (this.#init.control.paused) return
    this.#choker.tick(turn)
    // those who waited for the rate limit
    for (const peer of this.#init.peers.values()) this.serve(turn, peer)
  }

  /** Chokes everybody, and serves nothing more that was asked for. */
  pause(turn: Turn): void {
    this.#choker.chokeAll(turn)
    for (const peer of this.#init.peers.values()) {
      reject(turn, peer, peer.queue.splice(0), this.#init.send)
    }
  }

  /** A peer has become interested, or gone: a free slot need not wait for the next round. */
  interested(turn: Turn): void {
    if (!this.#init.control.paused) this.#choker.changed(turn)
  }

  /** @returns what is wrong with the request, if it is one no honest peer makes */
  request(turn: Turn, peer: PeerState, span: BlockSpan): string | undefined {
    const wrong = this.#refuse(span)
    if (wrong != null) return wrong
    // it may have crossed with our choke, which takes all requests back (BEP 3), or with a loss
    const { paused } = this.#init.control
    const may = mayAsk(peer, span.piece) && this.#init.have.has(span.piece)
    if (!may && ++peer.refused > queue + limits.uploads.refusals)
      return 'goes on asking for what it may not have'
    if (paused || !may || peer.queue.length >= queue) {
      reject(turn, peer, [span], this.#init.send)
      return undefined
    }
    peer.queue.push(span)
    this.serve(turn, peer)
    return undefined
  }

  /** A request that is being read is answered all the same (BEP 6). */
  cancel(turn: Turn, peer: PeerState, span: BlockSpan): void {
    const at = peer.queue.findIndex((asked) => asked.piece === span.piece && same(asked, span))
    if (at !== -1) reject(turn, peer, peer.queue.splice(at, 1), this.#init.send)
  }

  /** Reads what the peer waits for, a few at a time, while its channel takes more. */
  serve(turn: Turn, peer: PeerState): void {
    const { up } = this.#init.control
    // half a second of its rate, as libtorrent reads ahead: what waits in a channel keeps our own
    // requests waiting, and no choke or cancel takes it back
    const most = peer.up.total === 0 ? firstRead : Math.min(read, peer.up.rate(turn.now) / 2)
    const atOnce = peer.up.total > 0 && most < read ? 1 : reads
    while (!peer.slow && peer.reads < atOnce && peer.queue.length > 0) {
      if (up.room(turn.now, peer.key) === 0) return
      this.#read(turn, peer, nextRun(peer.queue, most))
    }
  }

  /** A piece is verified: what came of it counts for those who gave it. */
  received(piece: number, senders: readonly PeerKey[]): void {
    const { policy, torrent } = this.#init
    if (policy.received == null) return
    senders.forEach((peer, block) => {
      const rest = torrent.pieceSize(piece) - block * limits.wire.block
      policy.received?.(peer, Math.min(limits.wire.block, rest))
    })
  }

  #refuse({ piece, begin, length }: BlockSpan): string | undefined {
    const { torrent, have, losses } = this.#init
    if (length === 0 || length > limits.wire.block) return `asked for ${length} bytes at once`
    if (piece >= torrent.pieceCount) return `asked for piece ${piece}, which is none`
    const size = torrent.pieceSize(piece)
    // libtorrent thinks of version 2's files as padded, and asks for whole blocks where they end
    const most = torrent.version === 2 && begin < size ? torrent.pieceLength : size
    if (begin + length > most) return `asked beyond the end of piece ${piece}`
    if (have.has(piece) || losses.has(piece)) return undefined
    return `asked for piece ${piece}, which we have not`
  }

  #read(turn: Turn, peer: PeerState, run: BlockSpan[]): void {
    const { piece, begin } = run[0]!
    const last = run.at(-1)!
    const end = Math.min(last.begin + last.length, this.#init.torrent.pieceSize(piece))
    peer.reads++
    const work = { type: 'read', piece, begin, length: end - begin } as const
    this.#init.control.up.take(turn.now, peer.key, work.length)
    const unchokedAt = peer.servedAt
    this.#init.jobs.start(turn, work, (later, result) => {
      peer.reads--
      if (result.type === 'corrupt') this.#init.losses.lose(later, piece)
      if (this.#init.peers.get(peer.key) !== peer) return
      // a choke took its requests back, unless each is to be answered (BEP 6)
      const stands = peer.fast || (peer.unchoked && peer.servedAt === unchokedAt)
      if (result.type === 'read' && stands) this.#give(later, peer, run, result.bytes)
      if (result.type === 'corrupt') reject(later, peer, run, this.#init.send)
      if (result.type === 'failed') {
        later.emit({ type: 'drop', peer: peer.key, reason: `cannot read: ${result.error.message}` })
      }
      this.serve(later, peer)
    })
  }

  #give(turn: Turn, peer: PeerState, run: BlockSpan[], bytes: Uint8Array): void {
    const from = run[0]!.begin
    for (const { piece, begin, length } of run) {
      const block = padded(bytes.subarray(begin - from, begin - from + length), length)
      this.#init.send(turn, peer, { type: 'piece', piece, begin, block })
    }
    peer.given += bytes.byteLength
    peer.up.add(turn.now, bytes.byteLength)
    this.total += bytes.byteLength
    this.#init.policy.gave?.(peer.key, bytes.byteLength)
  }
}

/** Takes the requests off the queue that one read can answer: neighbours in one piece. */
function nextRun(queue: BlockSpan[], most: number): BlockSpan[] {
  const run = [queue.shift()!]
  let length = run[0]!.length
  for (;;) {
    const last = run.at(-1)!
    const next = queue[0]
    if (next == null || next.piece !== last.piece || next.begin !== last.begin + last.length) break
    if (length + next.length > most) break
    length += next.length
    run.push(queue.shift()!)
  }
  return run
}

/** With zeros where a file of version 2 ends and its last piece does not. */
function padded(block: Uint8Array, length: number): Uint8Array {
  if (block.byteLength === length) return block
  const whole = new Uint8Array(length)
  whole.set(block)
  return whole
}

function same(a: BlockSpan, b: BlockSpan): boolean {
  return a.begin === b.begin && a.length === b.length
}
