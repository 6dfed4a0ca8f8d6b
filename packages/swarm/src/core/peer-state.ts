import { TokenBucket, type PeerKey } from '@peerage/wire'
import type { ExtendedHandshake } from '../codec/extended.ts'
import type { BlockSpan } from '../codec/peer-wire.ts'
import { limits } from '../limits.ts'
import { LapsedRequests } from './downloads/lapsed-requests.ts'
import type { BlockRef } from './picker/picker.ts'
import { RequestWindow } from './downloads/pipeline.ts'
import { RateMeter } from './rate-meter.ts'

/** A block we asked for. */
export interface OpenRequest extends BlockRef {
  /** milliseconds */
  askedAt: number
}

/** What a peer said of its pieces before we knew how many there are. */
export interface Early {
  bits?: Uint8Array
  all?: boolean
  none?: boolean
  readonly haves: Set<number>
}

/** All we know of one peer, but for its pieces, which the picker keeps. */
export class PeerState {
  readonly key: PeerKey
  /** when it came, in milliseconds */
  readonly since: number
  /** its handshake has come */
  shaken = false
  /** the info-hash by which we called it; undefined when it came to us */
  called: Uint8Array | undefined
  /** the channel is one of version 2 (BEP 52) */
  v2 = false
  /** its extended handshake, if it has sent one */
  extended: ExtendedHandshake | undefined
  /** what it said of its pieces before we knew how many there are */
  early: Early | undefined
  /** both of us have the fast extension: every request gets one answer (BEP 6) */
  fast = false

  /** it serves us */
  unchokesUs = false
  /** it wants something of us */
  interested = false
  /** we serve it */
  unchoked = false
  /** we have told it that we want something */
  wanting = false
  /** pieces it lets us ask for while it chokes us (BEP 6) */
  readonly allowsUs = new Set<number>()
  /** pieces we let it ask for while we choke it */
  readonly allowed = new Set<number>()

  /** what we asked for, by {@link blockKey} */
  readonly requests = new Map<number, OpenRequest>()
  /** requests we took back, which may have crossed with their answer */
  readonly lapsed = new LapsedRequests<OpenRequest>()
  readonly window = new RequestWindow()
  /** a block came, or the first of some requests was sent; milliseconds */
  heardAt = 0

  /** what it asked for and waits for */
  readonly queue: BlockSpan[] = []
  /** requests refused since it was last choked or unchoked */
  refused = 0
  /** reads under way for it */
  reads = 0
  /** its channel is full */
  slow = false
  servedAt: number | undefined
  /** where it was last told that it stands in our queue, and when */
  told: { position: number; at: number } | undefined
  /** bytes given since it was unchoked */
  given = 0

  /** extended messages it may send */
  readonly talk = new TokenBucket(limits.wire.talk)
  /** pieces of metadata it has had from us */
  metadataGiven = 0
  /** who it was told of (`told`), who it told of, and when */
  readonly pex = { told: new Set<PeerKey>(), nextAt: -Infinity, heardAt: -Infinity, taken: 0 }
  /** hashes of version 2 it has had from us */
  hashesGiven = 0
  sentAt: number
  readonly down = new RateMeter()
  /** what it gives us, over some of its bursts: what it is paid back for */
  readonly gives = new RateMeter(limits.uploads.memory)
  readonly up = new RateMeter()

  constructor(key: PeerKey, now: number) {
    this.key = key
    this.since = now
    this.sentAt = now
  }

  /** It wants something of us: whoever says that it wants nothing more is not asked again (BEP 21). */
  get takes(): boolean {
    return this.interested && this.extended?.uploadOnly !== true
  }
}

/** One number for a block; a piece has at most 4096. */
export function blockKey({ piece, block }: BlockRef): number {
  return piece * 4096 + block
}
