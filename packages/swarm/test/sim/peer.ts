import type { Core, Emit, Input, PeerKey, Random } from '@peerage/wire'
import type { Torrent } from '../../src/codec/metainfo.ts'
import { Bitfield } from '../../src/core/bitfield.ts'
import type { MakeUploadPolicy } from '../../src/core/uploads/policies/policy.ts'
import { TorrentCore } from '../../src/core/torrent.ts'
import type { TorrentResult, TorrentVocabulary, TorrentWork } from '../../src/core/vocabulary.ts'

export interface SimPeerInit {
  key: PeerKey
  torrent: Torrent
  random: Random
  seed: boolean
  uploads?: MakeUploadPolicy | undefined
}

/** One block of nothing: what is in the blocks does not matter here, and all may share it. */
const nothing = new Uint8Array(1024 * 1024)

/** A torrent's core on a disk that is always right, with everything counted that it receives. */
export class SimPeer implements Core<TorrentVocabulary> {
  readonly key: PeerKey
  readonly core: TorrentCore
  /** bytes of blocks that came, by who sent them */
  readonly received = new Map<PeerKey, number>()
  #whole = false

  constructor({ key, torrent, random, seed, uploads }: SimPeerInit) {
    this.key = key
    this.#whole = seed
    this.core = new TorrentCore({
      infoHash: torrent.infoHash,
      peerId: new TextEncoder().encode(key.padEnd(20).slice(0, 20)),
      random,
      torrent,
      uploads,
      have: seed ? Bitfield.full(torrent.pieceCount) : new Bitfield(torrent.pieceCount)
    })
  }

  /** every piece is here */
  get whole(): boolean {
    return this.#whole
  }

  get wakeAt(): number {
    return this.core.wakeAt
  }

  handle(now: number, input: Input<TorrentVocabulary>, emit: Emit<TorrentVocabulary>): void {
    if (input.type === 'frame' && input.frame.type === 'piece') {
      const before = this.received.get(input.peer) ?? 0
      this.received.set(input.peer, before + input.frame.block.byteLength)
    }
    this.core.handle(now, input, (effect) => {
      if (effect.type === 'tell' && effect.news.type === 'complete') this.#whole = true
      emit(effect)
    })
  }

  work(work: TorrentWork): { result: TorrentResult; takesMicros: number } {
    if (work.type === 'store') return { result: { type: 'stored' }, takesMicros: 1_000 }
    if (work.type === 'adopt') return { result: { type: 'corrupt' }, takesMicros: 0 }
    if (work.type === 'want') return { result: { type: 'wanted' }, takesMicros: 0 }
    if (work.type === 'find-records' || work.type === 'open-records') {
      return { result: { type: 'found-records', records: [] }, takesMicros: 0 }
    }
    return { result: { type: 'read', bytes: nothing.subarray(0, work.length) }, takesMicros: 1_000 }
  }
}
