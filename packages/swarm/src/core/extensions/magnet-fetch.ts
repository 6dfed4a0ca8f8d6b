import type { PeerKey } from '@peerage/wire'
import type { MetadataMessage } from '../../codec/extended.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import type { Control } from '../control.ts'
import type { Jobs } from '../jobs.ts'
import { LayerFetch } from './layers.ts'
import { MetadataFetch } from './metadata.ts'
import type { PeerState } from '../peer-state.ts'
import type { Layers, TorrentResult, Turn } from '../vocabulary.ts'

export interface MagnetFetchInit {
  peers: ReadonlyMap<PeerKey, PeerState>
  jobs: Jobs
  control: Control
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
  sendMetadata: (turn: Turn, peer: PeerState, message: MetadataMessage) => void
  adopted: (turn: Turn, result: TorrentResult & { type: 'adopted' }) => void
}

/**
 * Makes a torrent of a magnet: first its info dictionary comes from peers (BEP 9), and then the
 * piece layers that this lacks (BEP 52). Version 2 cannot do without them, a hybrid can.
 */
export class MagnetFetch {
  readonly metadata: MetadataFetch
  readonly #init: MagnetFetchInit
  #layers: LayerFetch | undefined

  constructor(init: MagnetFetchInit) {
    this.#init = init
    this.metadata = new MetadataFetch({
      ...init,
      send: init.sendMetadata,
      layerless: (turn, torrent) => {
        this.#fetchLayers(turn, torrent)
      }
    })
  }

  /** undefined while they are not needed */
  get layers(): LayerFetch | undefined {
    return this.#layers
  }

  /** Asks this peer for what is lacking. */
  offer(turn: Turn, peer: PeerState): void {
    this.metadata.offer(turn, peer)
    this.#layers?.offer(turn, peer)
  }

  pause(): void {
    this.metadata.pause()
    this.#layers?.pause()
  }

  left(peer: PeerState): void {
    this.metadata.left(peer)
    this.#layers?.left(peer)
  }

  tick(turn: Turn): void {
    this.metadata.tick(turn)
    this.#layers?.tick(turn)
  }

  #fetchLayers(turn: Turn, torrent: Torrent): void {
    const { peers } = this.#init
    const askable = [...peers.values()].some(({ shaken, v2 }) => shaken && v2)
    // pieces of a hybrid can be verified by version 1: it waits for nobody who may not come
    if (torrent.verifiable && !askable) return this.metadata.adopt(turn, torrent.info, 'none')
    const complete = (later: Turn, layers: Layers | 'none'): void => {
      this.metadata.adopt(later, torrent.info, layers)
    }
    this.#layers = new LayerFetch(turn.now, { ...this.#init, torrent, complete })
    for (const peer of peers.values()) this.#layers.offer(turn, peer)
  }
}
