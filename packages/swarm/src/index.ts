/**
 * @packageDocumentation
 *
 * BitTorrent's swarm for any js-libp2p node: real `.torrent` files and magnets, several sources at
 * once, rarest pieces first, and no byte that is not verified.
 *
 * - {@link swarm} is the libp2p service: it fetches and gives torrents.
 * - {@link parseTorrent}, {@link parseMagnet} and {@link createTorrent} read and make them.
 * - {@link Picker}, {@link titForTat} and {@link TorrentCore} are the decisions, pure and usable alone.
 * - Files on disk are in `@peerage/swarm/files`, what browsers keep is in `@peerage/swarm/browser`;
 *   checks for storages of your own are in `@peerage/swarm/storage-compliance`.
 * - Peers are found by `@peerage/swarm/dht` and `@peerage/swarm/tracker`.
 *
 * @example
 *
 * ```ts
 * import { memoryStorage, swarm } from '@peerage/swarm'
 *
 * const node = await createLibp2p({
 *   // … transports, encrypters, muxers …
 *   services: { swarm: swarm() }
 * })
 * const transfer = await node.services.swarm.add('magnet:?xt=urn:btih:…', { storage: memoryStorage })
 * const torrent = await transfer.done
 * ```
 */
import type { Swarm, SwarmComponents, SwarmInit } from './api.ts'
import { SwarmService } from './swarm.ts'

/** A libp2p service that fetches and gives torrents. */
export function swarm(init: SwarmInit = {}): (components: SwarmComponents) => Swarm {
  return (components) => new SwarmService(components, init)
}

export type {
  AddOptions,
  FindPeers,
  FollowedTorrent,
  FollowTorrent,
  PeerAddress,
  PeerSource,
  Progress,
  RateLimits,
  SeedOptions,
  Swarm,
  SwarmComponents,
  SwarmInit,
  Transfer,
  TransferEvents,
  TransferLimits,
  TransferRateLimits
} from './api.ts'
export { PROTOCOL } from './swarm.ts'
export { limits } from './limits.ts'
export * from './errors.ts'
export { bencodeFaults, torrentFaults } from './faults.ts'

// torrents, links and what they are made from
export { parseTorrent, readInfo, readTorrent } from './codec/metainfo.ts'
export type { Torrent } from './codec/metainfo.ts'
export type { TorrentVersion } from './codec/metainfo-version.ts'
export type { PieceTree } from './codec/piece-trees.ts'
export type { TorrentFile } from './codec/metainfo-files.ts'
export { formatMagnet, parseMagnet, readMagnet } from './codec/magnet.ts'
export type { Magnet, MagnetInit } from './codec/magnet.ts'
export type { QueuePlace } from './codec/queue-status.ts'
export { createTorrent } from './create/create.ts'
export { torrentOf } from './create/torrent-of.ts'
export type {
  CreateProgress,
  CreateTorrentInit,
  CreatedTorrent,
  SourceFile
} from './create/create.ts'

// whether bytes are right
export { checkPiece } from './check-piece.ts'
export * as merkle from './codec/merkle.ts'

// where the bytes are
export { memoryStorage } from './storage/memory.ts'
export type { CheckPiece, Storage } from './storage/storage.ts'

export type { FileSpan, ReadOptions } from './control/read-range.ts'
export type { FilePriority, SelectFiles } from './control/selection.ts'

// the wire, for gateways
export { peerWire, type BlockSpan, type PeerMessage } from './codec/peer-wire.ts'
export type { HashSpan } from './codec/hash-span.ts'
export {
  decodeHandshake,
  encodeHandshake,
  handshakeLength,
  speaksExtended,
  speaksFast,
  type Handshake
} from './codec/handshake.ts'
export {
  decodeBencode,
  type Bencode,
  type BencodeDictionary,
  type BencodeLimits,
  type Decoded
} from './codec/bencode.ts'
export { encodeBencode, type BencodeInput } from './codec/bencode-encode.ts'
export { isDictionary } from './codec/fields.ts'

// the decisions, for simulations and other policies
export { allowedFast, type AllowedFastInit } from './core/uploads/allowed-fast.ts'
export { Bitfield } from './core/bitfield.ts'
export { Picker, type BlockRef } from './core/picker/picker.ts'
export type { PickerInit, PickOptions } from './core/picker/picker-init.ts'
export type { PickOrder } from './core/picker/opening.ts'
export { antiLeech } from './core/uploads/policies/anti-leech.ts'
export { fastestUpload } from './core/uploads/policies/fastest-upload.ts'
export { roundRobin, type SeedPolicyInit } from './core/uploads/policies/round-robin.ts'
export { slotsAndQueue } from './core/uploads/policies/slots-and-queue.ts'
export type {
  QueueEntry,
  SlotsAndQueue,
  SlotsAndQueueInit
} from './core/uploads/policies/slots-and-queue.ts'
export { CreditBook, type CreditRecord } from './core/uploads/policies/credit.ts'
export { titForTat, type TitForTatInit } from './core/uploads/policies/tit-for-tat.ts'
export type {
  MakeUploadPolicy,
  UploadPeer,
  UploadPolicy,
  UploadRound,
  UploadTorrent
} from './core/uploads/policies/policy.ts'
export { RequestWindow } from './core/downloads/pipeline.ts'
export { Control } from './core/control.ts'
export { RateLimit, Throttle } from './core/rate-limit.ts'
export { TorrentCore } from './core/torrent.ts'
export type { TorrentCoreInit } from './core/torrent-init.ts'
export type { TorrentProgress } from './core/progress.ts'
export type {
  Layers,
  RecordWork,
  StorageWork,
  TorrentAsk,
  TorrentNews,
  TorrentResult,
  TorrentVocabulary,
  TorrentWork,
  Wish
} from './core/vocabulary.ts'
