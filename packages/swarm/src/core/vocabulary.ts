import type { Emit, PeerKey, Vocabulary } from '@peerage/wire'
import type { Torrent } from '../codec/metainfo.ts'
import type { PeerMessage } from '../codec/peer-wire.ts'
import type { PickOrder } from './picker/opening.ts'
import type { QueuePlace } from '../codec/queue-status.ts'

/** What the user asks of a torrent's core. */
export type TorrentAsk =
  /** this peer may have something: keep a channel to it while there is something to fetch */
  | { type: 'know'; peer: PeerKey }
  | Wish
  /** ask for nothing and give nothing until `resume`; channels stay */
  | { type: 'pause' }
  | { type: 'resume' }

/** Which pieces the user wants, and how soon. */
export type Wish =
  /** a priority for each file, 0 (unwanted) to 7, in the torrent's order; kept until it is known */
  | { type: 'prioritize'; files: readonly number[] }
  /** in which order to begin pieces; kept until the torrent is known */
  | { type: 'order'; order: PickOrder }
  /** a piece is wanted by this time, in milliseconds; undefined when there is no hurry */
  | { type: 'deadline'; piece: number; at: number | undefined }
  /**
   * somebody waits for a piece and will read on to the `last`: until it leaves, all of that is
   * wanted, and what it reads next by a time
   */
  | { type: 'read'; reader: number; piece: number; last: number }
  | { type: 'leave'; reader: number }

/** Piece layers by their files' roots, one character per byte. */
export type Layers = Readonly<Record<string, Uint8Array>>

/** What a torrent's core asks of those who carry out. */
export type TorrentWork = StorageWork | RecordWork

/** What it asks of libp2p's records of peers. */
export type RecordWork =
  /** signed records of these peers, to tell others of them */
  | { type: 'find-records'; peers: readonly PeerKey[] }
  /** check signed records that a peer sent, and keep the addresses in them */
  | { type: 'open-records'; records: readonly Uint8Array[] }

/** What it asks of hash and disk. */
export type StorageWork =
  /** check the hash, then write, then note it in the journal: in this order */
  | { type: 'store'; piece: number; bytes: Uint8Array }
  | { type: 'read'; piece: number; begin: number; length: number }
  /** from now on these files are wanted, and no others; one for each of the torrent's */
  | { type: 'want'; files: readonly boolean[] }
  /**
   * check an info dictionary that a peer sent, open storage for it and see what is there already;
   * `layers` are piece layers by their files' roots, one character per byte, or `'none'` to do
   * without, as a hybrid can
   */
  | { type: 'adopt'; info: Uint8Array; layers?: Layers | 'none' }

export type TorrentResult =
  | { type: 'stored' }
  /** the storage knows which files are wanted */
  | { type: 'wanted' }
  | { type: 'read'; bytes: Uint8Array }
  /** `have` is a bitfield as it goes on the wire, none means nothing; `files` is as in a wish */
  | { type: 'adopted'; torrent: Torrent; have?: Uint8Array; files?: readonly number[] | undefined }
  /** the info dictionary is right, and piece layers are to be had that go with it */
  | { type: 'layerless'; torrent: Torrent }
  /** as many as there are */
  | { type: 'found-records'; records: readonly (readonly [PeerKey, Uint8Array])[] }
  /** whose records are right; `forged`: some are not */
  | { type: 'opened-records'; peers: readonly PeerKey[]; forged: boolean }
  /** the bytes are not what their hash says */
  | { type: 'corrupt' }
  /** the disk did not do it; it may later */
  | { type: 'failed'; error: Error }
  /** it will never do */
  | { type: 'refused'; error: Error }

/** What a torrent's core tells. */
export type TorrentNews =
  | { type: 'metadata'; torrent: Torrent }
  /** a piece was verified and stored; `from` gave its blocks, the most generous first */
  | { type: 'piece'; piece: number; from: PeerKey[] }
  /** a piece's hash was wrong; `from` gave its blocks */
  | { type: 'bad-piece'; piece: number; from: PeerKey[] }
  /** a piece that was said to be here is not what its hash says: it is given no more */
  | { type: 'lost-piece'; piece: number }
  /** everything that is wanted is here */
  | { type: 'complete' }
  /** everything was here, and now more is wanted */
  | { type: 'incomplete' }
  /** where we stand in a peer's queue */
  | { type: 'queued'; peer: PeerKey; place: QueuePlace }
  /** the disk does not take what is here, so nothing is asked for; undefined when it does again */
  | { type: 'disk'; error: Error | undefined }
  /** this torrent cannot be fetched at all */
  | { type: 'hopeless'; error: Error }
  /** about once a second while there are peers: rates and counts may have changed */
  | { type: 'progress' }

export interface TorrentVocabulary extends Vocabulary {
  frame: PeerMessage
  ask: TorrentAsk
  work: TorrentWork
  result: TorrentResult
  news: TorrentNews
}

/** One call of a core's `handle`: when it is, and where effects go. */
export interface Turn {
  readonly now: number
  readonly emit: Emit<TorrentVocabulary>
}
