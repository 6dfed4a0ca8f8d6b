import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'
import type { Channel, Clock, PeerLedger, Random, WireLimits } from '@peerage/wire'
import type { FollowTorrent, PeerAddress, SwarmInit, TransferLimits } from './api.ts'
import type { Torrent } from './codec/metainfo.ts'
import type { PeerMessage } from './codec/peer-wire.ts'
import type { SelectFiles } from './control/selection.ts'
import type { PickOrder } from './core/picker/opening.ts'
import type { RateLimit } from './core/rate-limit.ts'
import type { KeeperInit } from './keeper.ts'
import type { PeerRecords } from './discovery/peer-records.ts'

export interface TransferInit extends Omit<KeeperInit, 'select'> {
  id: string
  torrent: Torrent | undefined
  self: PeerId
  clock: Clock
  random: Random
  ledger: PeerLedger
  wireLimits: Partial<WireLimits>
  log: Logger
  /** where peers are noted; none is asked for a private torrent */
  sources: readonly FollowTorrent[]
  uploads: SwarmInit['uploads']
  limits: TransferLimits
  select?: SelectFiles | undefined
  order?: PickOrder | undefined
  /** what all torrents share */
  rates: { down: RateLimit; up: RateLimit }
  /** of libp2p peers, to tell of and to be told */
  records: PeerRecords
  open: (target: PeerAddress, options: AbortOptions) => Promise<Channel<PeerMessage>>
  /** it takes part no more */
  stopped: () => void
}
