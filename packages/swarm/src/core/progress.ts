import type { PeerKey } from '@peerage/wire'
import type { PeerState } from './peer-state.ts'
import type { Sharing } from './sharing.ts'

/** How far a torrent is. */
export interface TorrentProgress {
  /** `disk-failed`: it cannot be written, so nothing is asked for; what is there is still served */
  state: 'metadata' | 'fetching' | 'disk-failed' | 'seeding'
  /** verified and stored */
  pieces: number
  /** 0 while the metadata is on its way */
  pieceCount: number
  /** verified and stored */
  bytes: number
  /** bytes of the whole torrent; 0 while the metadata is on its way */
  length: number
  /** bytes that are wanted, here or not: pieces of files that are selected or being read */
  wanted: number
  /** bytes that are wanted and not here; 0 while the metadata is on its way */
  left: number
  /** bytes per second */
  downRate: number
  /** bytes per second */
  upRate: number
  /** bytes of blocks that came since the start, whatever became of them */
  downloaded: number
  /** bytes given since the start */
  uploaded: number
  /** bytes that came and were wrong or not needed */
  wasted: number
  /** channels there are */
  peers: number
  /** those that have pieces we lack */
  sources: number
  /** milliseconds, at the rate of now; `Infinity` while nothing comes */
  timeLeft: number
}

export function measure(
  now: number,
  peers: ReadonlyMap<PeerKey, PeerState>,
  sharing: Sharing | undefined
): TorrentProgress {
  let downRate = 0
  let upRate = 0
  let sources = 0
  for (const peer of peers.values()) {
    downRate += peer.down.rate(now)
    upRate += peer.up.rate(now)
    if (peer.wanting) sources++
  }
  const bytes = sharing?.wanted.here ?? 0
  const length = sharing?.torrent.length ?? 0
  const left = sharing?.wanted.left ?? 0
  return {
    state: stateOf(sharing),
    pieces: sharing?.have.count ?? 0,
    pieceCount: sharing?.torrent.pieceCount ?? 0,
    bytes,
    length,
    wanted: sharing?.wanted.total ?? 0,
    left,
    downRate,
    upRate,
    downloaded: sharing?.downloads.received ?? 0,
    uploaded: sharing?.uploads.total ?? 0,
    wasted: sharing?.downloads.wasted ?? 0,
    peers: peers.size,
    sources,
    timeLeft: sharing?.finished ? 0 : (left / downRate) * 1_000 || Infinity
  }
}

function stateOf(sharing: Sharing | undefined): TorrentProgress['state'] {
  if (sharing == null) return 'metadata'
  if (sharing.finished) return 'seeding'
  return sharing.disk.error == null ? 'fetching' : 'disk-failed'
}
