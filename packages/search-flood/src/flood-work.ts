import type { PeerId, PeerStore, PrivateKey } from '@libp2p/interface'
import type { AddressManager } from '@libp2p/interface-internal'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { FloodResult, FloodWork } from './core/vocabulary.ts'
import { openHits, sealHits } from './hit-envelope.ts'
import { limits } from './limits.ts'

export interface FloodWorkComponents {
  peerId: PeerId
  privateKey: PrivateKey
  peerStore: Pick<PeerStore, 'consumePeerRecord'>
  addressManager: Pick<AddressManager, 'getAddresses'>
}

/** Does what the core asks for: what needs keys, a wall clock or the peer store. */
export async function doFloodWork(
  components: FloodWorkComponents,
  work: FloodWork,
  signal: AbortSignal
): Promise<FloodResult> {
  switch (work.type) {
    case 'sign': {
      const { peerId, privateKey } = components
      const record = {
        queryId: work.queryId,
        responder: peerId.toMultihash().bytes,
        items: work.items,
        addresses: ownAddresses(components).map(({ bytes }) => bytes),
        time: Date.now()
      }
      return { type: 'signed', envelope: await sealHits(record, privateKey, signal) }
    }
    case 'verify':
      return openHits(work.envelope, { queryId: work.queryId, time: Date.now(), signal })
    case 'meet':
      return meet(components, work.record, signal)
  }
}

/** Our signed peer record, for others to pass on; `undefined` while we have no address. */
export async function sealOwnRecord(
  components: FloodWorkComponents,
  signal: AbortSignal
): Promise<Uint8Array | undefined> {
  const { peerId, privateKey } = components
  const multiaddrs = ownAddresses(components)
  if (multiaddrs.length === 0) return undefined
  const record = new PeerRecord({ peerId, multiaddrs })
  const envelope = await RecordEnvelope.seal(record, privateKey, { signal })
  const bytes = envelope.marshal()
  return bytes.byteLength <= limits.maxPeerRecord ? bytes : undefined
}

/** Nobody is dialled at an address they did not sign, so a hello cannot be aimed at a third party. */
async function meet(
  { peerStore }: FloodWorkComponents,
  bytes: Uint8Array,
  signal: AbortSignal
): Promise<FloodResult> {
  try {
    const envelope = RecordEnvelope.createFromProtobuf(bytes)
    const record = PeerRecord.createFromProtobuf(envelope.payload)
    const signer = peerIdFromPublicKey(envelope.publicKey)
    if (!record.peerId.equals(signer)) return failed('a peer record is signed by another peer')
    if (record.multiaddrs.length > limits.maxAddresses) {
      return failed(`a peer record has more than ${limits.maxAddresses} addresses`)
    }
    // rejects when the signature does not hold; `false` says that we had this or a newer one
    await peerStore.consumePeerRecord(bytes, { expectedPeer: signer, signal })
    return { type: 'met', peer: signer.toString() }
  } catch (error) {
    return failed(`a peer record does not hold: ${String(error)}`)
  }
}

function ownAddresses({ addressManager }: FloodWorkComponents): Multiaddr[] {
  return addressManager
    .getAddresses()
    .filter(({ bytes }) => bytes.byteLength <= limits.maxAddress)
    .slice(0, limits.maxAddresses)
}

function failed(reason: string): FloodResult {
  return { type: 'failed', reason }
}
