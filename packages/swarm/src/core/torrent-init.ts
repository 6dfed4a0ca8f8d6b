import type { PeerKey, Random } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import type { Bitfield } from './bitfield.ts'
import type { Control } from './control.ts'
import type { GreetingInit } from './greeting.ts'
import type { MakeUploadPolicy } from './uploads/policies/policy.ts'

export interface TorrentCoreInit extends GreetingInit {
  random: Random
  /** without it the metadata is fetched from peers first */
  torrent?: Torrent
  /** pieces that are stored and verified already @default none */
  have?: Bitfield
  /** a priority for each file, 0 (unwanted) to 7, in the torrent's order @default all alike */
  files?: readonly number[] | undefined
  /** how fast, and whether at all @default no limits */
  control?: Control
  /** whom to serve @default titForTat() */
  uploads?: MakeUploadPolicy | undefined
  /**
   * A peer's IPv4 address, 4 bytes: it may ask for a few pieces at once (BEP 6).
   *
   * @default no address is known, and nobody may
   */
  ipv4Of?: (peer: PeerKey) => Uint8Array | undefined
}
