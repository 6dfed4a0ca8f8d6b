import { sha256 } from '@noble/hashes/sha2.js'
import { binaryString } from '../../codec/bytes.ts'
import { hashSpanFault, type HashSpan } from '../../codec/hash-span.ts'
import { HashTree } from '../../codec/hash-tree.ts'
import { hashLength } from '../../codec/merkle.ts'
import type { Torrent } from '../../codec/metainfo.ts'
import type { PeerMessage } from '../../codec/peer-wire.ts'
import { limits } from '../../limits.ts'
import { breach, type Charge } from '../downloads/blame.ts'
import type { LayerFetch } from './layers.ts'
import type { PeerState } from '../peer-state.ts'
import type { Turn } from '../vocabulary.ts'

/** The messages by which hashes of version 2 go from peer to peer. */
export type HashMessage = PeerMessage & { type: 'hash-request' | 'hashes' | 'hash-reject' }

export interface HashExchangeInit {
  /** undefined while no layers are fetched */
  layers: () => LayerFetch | undefined
  /** undefined while it is not known */
  torrent: () => Torrent | undefined
  send: (turn: Turn, peer: PeerState, message: PeerMessage) => void
}

export function isHashMessage(message: PeerMessage): message is HashMessage {
  return ['hash-request', 'hashes', 'hash-reject'].includes(message.type)
}

/** What goes on in BEP 52's messages, to and fro. */
export class HashExchange {
  readonly #init: HashExchangeInit
  /** trees that were asked for, by their roots */
  readonly #trees = new Map<string, HashTree>()
  #layers: Map<string, Uint8Array> | undefined

  constructor(init: HashExchangeInit) {
    this.#init = init
  }

  /** @returns the peer's offence, if there is one */
  message(turn: Turn, peer: PeerState, message: HashMessage): Charge | undefined {
    const layers = this.#init.layers()
    if (message.type === 'hash-request') this.#give(turn, peer, message)
    else if (layers == null) return breach(peer.key, `sent "${message.type}" unasked`)
    else if (message.type === 'hashes') return layers.hashes(turn, peer, message)
    else return layers.rejected(turn, peer, message)
    return undefined
  }

  /** Each request gets one answer. Only layers of pieces and above are kept, so only they are given. */
  #give(turn: Turn, peer: PeerState, span: HashSpan): void {
    const hashes = this.#read(peer, span)
    if (hashes === undefined) this.#init.send(turn, peer, { ...span, type: 'hash-reject' })
    else this.#init.send(turn, peer, { ...span, type: 'hashes', hashes })
  }

  #read(peer: PeerState, span: HashSpan): Uint8Array | undefined {
    const torrent = this.#init.torrent()
    if (torrent == null || hashSpanFault(span) !== undefined) return undefined
    if (peer.hashesGiven >= mostFor(torrent)) return undefined
    const hashes = this.#treeOf(torrent, span.root)?.read(span)
    peer.hashesGiven += (hashes?.length ?? 0) / hashLength
    return hashes
  }

  #treeOf(torrent: Torrent, root: Uint8Array): HashTree | undefined {
    const key = binaryString(root)
    const known = this.#trees.get(key)
    if (known !== undefined) return known
    this.#layers ??= layersOf(torrent)
    const layer = this.#layers.get(key)
    if (layer === undefined) return undefined
    const tree = new HashTree(layer, torrent.pieceLength, sha256)
    this.#trees.set(key, tree)
    return tree
  }
}

/** Piece layers by their roots: there may be many files, and requests for none of them. */
function layersOf({ files }: Torrent): Map<string, Uint8Array> {
  const layers = new Map<string, Uint8Array>()
  for (const { piecesRoot, pieceLayer } of files) {
    if (piecesRoot && pieceLayer) layers.set(binaryString(piecesRoot), pieceLayer)
  }
  return layers
}

/** Hashes that one peer may have: all layers a few times, with filling and proofs. */
function mostFor({ files, pieceCount }: Torrent): number {
  return limits.hashes.copies * (2 * pieceCount + limits.hashes.length * files.length)
}
