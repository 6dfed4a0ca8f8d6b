/** Why a peer announces: BEP 3's events. */
export type AnnounceEvent = 'started' | 'stopped' | 'completed'

/** A peer says that it takes part in a torrent, and asks who else does. */
export interface Announce {
  type: 'announce'
  /** 20 bytes */
  infoHash: Uint8Array
  /** none: it still takes part */
  event?: AnnounceEvent
  /** bytes it lacks; none: it does not know yet, having only a magnet */
  left?: number
  /** peers it wants to hear of */
  want: number
  /** where it can be reached, in multiaddrs' binary form without `/p2p/<id>` at the end */
  addresses: Uint8Array[]
}

/** Asks how many take part in some torrents (BEP 48). */
export interface Scrape {
  type: 'scrape'
  /** 20 bytes each */
  infoHashes: Uint8Array[]
}

/** Who takes part in a torrent, as far as a tracker has heard. */
export interface Counts {
  /** peers that have everything */
  complete: number
  /** peers that lack something */
  incomplete: number
  /** peers that told when they got everything, ever since the tracker has known the torrent */
  downloaded: number
}

/** A peer of a torrent: whoever dials it proves that it is this one. */
export interface TrackedPeer {
  /** its peer id as text */
  id: string
  /** as in {@link Announce} */
  addresses: Uint8Array[]
}

export interface Announced {
  type: 'announced'
  /** milliseconds until the tracker wants to hear again */
  interval: number
  complete: number
  incomplete: number
  peers: TrackedPeer[]
}

export interface Scraped {
  type: 'scraped'
  /** in hexadecimal digits; torrents the tracker does not know are left out */
  torrents: Map<string, Counts>
}

/** The tracker says no. */
export interface Refused {
  type: 'refused'
  reason: string
}

export type TrackerRequest = Announce | Scrape
export type TrackerMessage = TrackerRequest | Announced | Scraped | Refused
