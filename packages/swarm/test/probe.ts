import { seededRandom } from '@peerage/testbed'
import type { Effect, PeerKey } from '@peerage/wire'
import { ourReserved } from '../src/codec/handshake.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import { TorrentCore } from '../src/core/torrent.ts'
import type { TorrentCoreInit } from '../src/core/torrent-init.ts'
import type { TorrentAsk, TorrentResult, TorrentVocabulary } from '../src/core/vocabulary.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent, noise } from './fake-torrent.ts'

const { block } = limits.wire

/** Ten pieces of four blocks. */
export const torrent = fakeTorrent({ length: 10 * 4 * block, pieceLength: 4 * block })

/** A core on its own, one peer's messages put into it by hand. */
export class Probe {
  now = 0
  readonly core: TorrentCore
  effects: Effect<TorrentVocabulary>[] = []

  constructor(have: 'all' | 'none' | 'magnet', init: Partial<TorrentCoreInit> = {}) {
    this.core = new TorrentCore({
      infoHash: torrent.infoHash,
      peerId: noise(20),
      random: seededRandom(1),
      ...(have !== 'magnet' && { torrent }),
      ...(have === 'all' && { have: Bitfield.full(torrent.pieceCount) }),
      ...init
    })
  }

  up(peer: PeerKey = 'peer', reserved = ourReserved()): this {
    this.core.handle(
      this.now,
      { type: 'up', peer, direction: 'inbound', limited: false },
      this.#take
    )
    const { infoHash } = torrent
    return this.says({ type: 'handshake', infoHash, peerId: noise(20), reserved }, peer)
  }

  says(frame: PeerMessage, peer: PeerKey = 'peer'): this {
    this.core.handle(this.now, { type: 'frame', peer, frame }, this.#take)
    this.core.check()
    return this
  }

  asks(ask: TorrentAsk): this {
    this.core.handle(this.now, { type: 'ask', ask }, this.#take)
    this.core.check()
    return this
  }

  slow(is: boolean): this {
    this.core.handle(this.now, { type: is ? 'slow' : 'ready', peer: 'peer' }, this.#take)
    return this
  }

  done(job: number, result: TorrentResult): this {
    this.core.handle(this.now, { type: 'done', job, result }, this.#take)
    return this
  }

  /** Lets time pass in steps of a second. */
  wait(ms: number): this {
    for (const end = this.now + ms; this.now < end;) {
      this.now += 1_000
      this.core.handle(this.now, { type: 'wake' }, this.#take)
    }
    return this
  }

  /** What was sent since the last look, of one kind. */
  sent<T extends PeerMessage['type']>(type: T): (PeerMessage & { type: T })[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'send' && effect.frame.type === type
        ? [effect.frame as PeerMessage & { type: T }]
        : []
    )
  }

  get offence(): number {
    return this.effects.reduce((sum, it) => sum + (it.type === 'score' ? it.offence : 0), 0)
  }

  get jobs(): (Effect<TorrentVocabulary> & { type: 'job' })[] {
    return this.effects.filter((effect) => effect.type === 'job')
  }

  readonly #take = (effect: Effect<TorrentVocabulary>): void => {
    this.effects.push(effect)
  }
}
