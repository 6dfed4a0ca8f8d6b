import type { AbortOptions, PeerStore } from '@libp2p/interface'
import { peerIdFromPublicKey, peerIdFromString } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerKey } from '@peerage/wire'
import { sameBytes } from '../codec/bytes.ts'
import type { RecordWork, TorrentResult } from '../core/vocabulary.ts'
import { limits } from '../limits.ts'
import { peerKeyOf } from './peer-address.ts'

/** A peer and where it says that it can be reached. */
export interface RecordedPeer {
  key: PeerKey
  addresses: Multiaddr[]
}

/** Records in which libp2p peers have signed where they can be reached: what we may tell of others. */
export class PeerRecords {
  readonly #self: PeerKey
  readonly #peerStore: Pick<PeerStore, 'get'> | undefined

  /** @param peerStore where identify keeps records; without one there are none to tell */
  constructor(self: PeerKey, peerStore?: Pick<PeerStore, 'get'>) {
    this.#self = self
    this.#peerStore = peerStore
  }

  /** @param met is called with everybody whose record is right */
  async carryOut(
    work: RecordWork,
    met: (peer: RecordedPeer) => void,
    signal: AbortSignal
  ): Promise<TorrentResult> {
    if (work.type === 'find-records') {
      const found = await Promise.all(work.peers.map((peer) => this.#find(peer, { signal })))
      return { type: 'found-records', records: found.filter((record) => record !== undefined) }
    }
    const opened = await Promise.all(work.records.map((record) => open(record, { signal })))
    const peers = opened.filter((peer) => peer !== undefined)
    const others = peers.filter(({ key, addresses }) => key !== this.#self && addresses.length > 0)
    for (const peer of others) met(peer)
    const forged = peers.length < opened.length
    return { type: 'opened-records', peers: others.map(({ key }) => key), forged }
  }

  /** The record of a peer that identify has had from that peer itself, when it names addresses. */
  async #find(
    peer: PeerKey,
    options: AbortOptions
  ): Promise<readonly [PeerKey, Uint8Array] | undefined> {
    try {
      const known = await this.#peerStore?.get(peerIdFromString(peer), options)
      const record = known?.peerRecordEnvelope
      if (record === undefined || record.length > limits.pex.record) return undefined
      const { payload } = RecordEnvelope.createFromProtobuf(record)
      const { multiaddrs } = PeerRecord.createFromProtobuf(payload)
      return multiaddrs.length > 0 ? [peer, record] : undefined
    } catch {
      // not in the store, or gone from it meanwhile
      return undefined
    }
  }
}

/** @returns undefined when it is no record, or not signed by the peer it is about */
async function open(bytes: Uint8Array, options: AbortOptions): Promise<RecordedPeer | undefined> {
  try {
    const envelope = await RecordEnvelope.openAndCertify(bytes, PeerRecord.DOMAIN, options)
    if (!sameBytes(envelope.payloadType, PeerRecord.CODEC)) return undefined
    const { peerId, multiaddrs } = PeerRecord.createFromProtobuf(envelope.payload)
    if (!peerIdFromPublicKey(envelope.publicKey).equals(peerId)) return undefined
    const key = peerId.toString()
    return { key, addresses: multiaddrs.slice(0, limits.pex.addresses).flatMap(to(key)) }
  } catch (error) {
    if (options.signal?.aborted) throw error
    return undefined
  }
}

/** Makes an address end in the peer's id; one that ends in another's is left out. */
function to(key: PeerKey): (address: Multiaddr) => Multiaddr[] {
  const end = multiaddr(`/p2p/${key}`)
  return (address) => {
    const named = peerKeyOf(address)
    if (named === undefined) return [address.encapsulate(end)]
    return named === key ? [address] : []
  }
}
