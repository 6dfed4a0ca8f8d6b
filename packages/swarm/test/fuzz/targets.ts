import { seededRandom } from '@peerage/testbed'
import { isLedgerRecord, WireError, type Random } from '@peerage/wire'
import { decodeBencode } from '../../src/codec/bencode.ts'
import { encodeBencode } from '../../src/codec/bencode-encode.ts'
import { joined } from '../../src/codec/bytes.ts'
import {
  decodeDontHave,
  decodeExtendedHandshake,
  decodeMetadata,
  encodeExtendedHandshake,
  encodeMetadata
} from '../../src/codec/extended.ts'
import { decodeHandshake, encodeHandshake, ourReserved } from '../../src/codec/handshake.ts'
import { decodeJournal, encodeHeader, encodeRecord } from '../../src/codec/journal.ts'
import { decodeRecords, encodeRecords } from '../../src/codec/kept-records.ts'
import { formatMagnet, readMagnet } from '../../src/codec/magnet.ts'
import { readInfo, readTorrent, type Torrent } from '../../src/codec/metainfo.ts'
import { decodePex, encodePex } from '../../src/codec/peer-exchange.ts'
import { decodeQueueStatus, encodeQueueStatus } from '../../src/codec/queue-status.ts'
import { BencodeError } from '../../src/errors.ts'
import { limits } from '../../src/limits.ts'
import { trackerCodec } from '../../src/tracker/codec.ts'
import { noise } from '../fake-torrent.ts'
import { goodTorrent } from '../gallery/spoilt.ts'
import { same } from '../test-swarm.ts'
import { LiveSession } from './live-session.ts'
import { mutate } from './mutate.ts'
import { readInParts, validStream } from './valid-stream.ts'

/** Something that takes bytes from strangers. */
export interface FuzzTarget {
  name: string
  /** Throws when a promise is broken: whatever the input is, the target itself must not. */
  run: (random: Random) => void
}

/** Runs a target once; the same seed gives the same run. */
export function fuzz(target: FuzzTarget, seed: number): void {
  target.run(seededRandom(seed))
}

const infoHash = noise(20, 7)
const torrents = ([1, 2, 'hybrid'] as const).map(goodTorrent)
const links = [
  formatMagnet({
    infoHash,
    name: 'a name',
    trackers: ['udp://127.0.0.1:1'],
    peers: ['/ip4/127.0.0.1']
  }),
  `magnet:?xt=urn:btmh:1220${'ab'.repeat(32)}&so=0,2-4&x.pe=127.0.0.1:1`
]

export const targets: readonly FuzzTarget[] = [
  decoder('bencode', torrents, (bytes) => {
    const decoded = decodeBencode(bytes)
    // there is one way to write a value
    if (decoded instanceof BencodeError) return
    promise(same(encodeBencode(decoded.value), bytes), 'it encodes as it was')
  }),
  decoder('metainfo', torrents, (bytes) => {
    checkTorrent(readTorrent(bytes))
  }),
  decoder('info dictionary', torrents.map(infoOf), (bytes) => {
    checkTorrent(readInfo(bytes))
  }),
  decoder('magnet', links.map(ascii), (bytes) => {
    const magnet = readMagnet(new TextDecoder().decode(bytes))
    if (magnet instanceof Error) return
    const again = readMagnet(formatMagnet(magnet))
    promise(!(again instanceof Error) && again.id === magnet.id, 'its link is of the same torrent')
  }),
  decoder(
    'handshake',
    [encodeHandshake({ type: 'handshake', infoHash, peerId: infoHash, reserved: ourReserved() })],
    (bytes) => {
      if (bytes.byteLength === 68) decodeHandshake(bytes)
    }
  ),
  decoder(
    'extended handshake',
    [
      encodeExtendedHandshake({
        metadataId: 1,
        metadataSize: 5,
        requestQueue: 9,
        uploadOnly: true,
        queueId: 3
      })
    ],
    (bytes) => {
      const handshake = decodeExtendedHandshake(bytes)
      if (handshake instanceof WireError) return
      promise((handshake.metadataSize ?? 0) <= limits.metainfo.size, 'its size is within the limit')
    }
  ),
  decoder(
    'metadata',
    [
      encodeMetadata({ type: 'data', piece: 1, size: 99, bytes: noise(99) }),
      encodeMetadata({ type: 'request', piece: 0 })
    ],
    decodeMetadata
  ),
  decoder('lt_donthave', [Uint8Array.of(0, 0, 0, 1)], decodeDontHave),
  decoder(
    'queue status',
    [encodeQueueStatus({ position: 1, length: 3, wait: 5_000 })],
    decodeQueueStatus
  ),
  decoder(
    'peer exchange',
    [encodePex({ added: [noise(99), noise(200)], dropped: ['one', 'two'] })],
    (bytes) => {
      const message = decodePex(bytes)
      if (message instanceof WireError) return
      const { added, dropped } = message
      const few = added.length <= limits.pex.peers && dropped.length <= limits.pex.peers
      promise(few, 'it names no more peers than the limit says')
      const short = added.every(({ byteLength }) => byteLength <= limits.pex.record)
      promise(short, 'its records are no longer than the limit says')
    }
  ),
  decoder('tracker', trackerCorpus(), (bytes) => {
    const message = trackerCodec.decode(bytes)
    if (message instanceof WireError) return
    const again = trackerCodec.decode(trackerCodec.encode(message))
    promise(!(again instanceof WireError) && again.type === message.type, 'it can be said again')
  }),
  decoder('journal', [journal()], (bytes) => {
    const state = decodeJournal(bytes, { infoHash, pieceCount: 9 })
    for (const piece of [...(state?.synced ?? []), ...(state?.unsynced ?? [])]) {
      promise(piece < 9, 'its pieces are the torrent’s')
    }
  }),
  decoder(
    'kept records',
    [encodeRecords({ at: 5, records: [{ peer: 'p', points: 1, bans: 0, bannedFor: 5 }] })],
    (bytes) => {
      const kept = decodeRecords(bytes, isLedgerRecord, 3)
      promise((kept?.records.length ?? 0) <= 3, 'no more are taken than the limit says')
    }
  ),
  {
    name: 'peer wire',
    run: (random) => {
      const bytes = mutate(random, [validStream()])
      const whole = readInParts(bytes, () => bytes.byteLength)
      const parts = readInParts(bytes, () => 1 + random.below(5_000))
      promise(whole === parts, 'how the bytes are cut makes no difference')
    }
  },
  {
    name: 'live session',
    run: (random) => {
      const session = new LiveSession(random)
      for (let step = 0; step < 150; step++) session.step()
    }
  }
]

function decoder(
  name: string,
  corpus: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => unknown
): FuzzTarget {
  return {
    name,
    run: (random) => {
      decode(mutate(random, corpus))
    }
  }
}

function promise(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`)
}

function checkTorrent(torrent: Torrent | Error): void {
  if (torrent instanceof Error) return
  const { pieceCount, pieceLength, length, extent } = torrent
  promise(pieceCount <= limits.metainfo.pieces, 'its pieces are within the limit')
  promise(pieceLength <= limits.metainfo.largestPiece, 'a piece is within the limit')
  promise(length <= extent && extent <= pieceCount * pieceLength, 'its pieces hold its files')
}

function infoOf(bytes: Uint8Array): Uint8Array {
  const decoded = decodeBencode(bytes)
  if (decoded instanceof BencodeError) throw decoded
  return decoded.info!
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function journal(): Uint8Array {
  const pieces = [0, 5, 7].map((value, place) =>
    encodeRecord(infoHash, place, { kind: 'piece', value })
  )
  const synced = encodeRecord(infoHash, 3, { kind: 'synced', value: 2 })
  return joined([encodeHeader(infoHash), ...pieces, synced])
}

function trackerCorpus(): Uint8Array[] {
  const counts = { complete: 1, incomplete: 2 }
  return [
    trackerCodec.encode({
      type: 'announce',
      infoHash,
      want: 5,
      addresses: [],
      event: 'started',
      left: 9
    }),
    trackerCodec.encode({ type: 'scrape', infoHashes: [infoHash] }),
    trackerCodec.encode({
      type: 'announced',
      interval: 60_000,
      ...counts,
      peers: [{ id: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', addresses: [] }]
    }),
    trackerCodec.encode({ type: 'refused', reason: 'full' })
  ] as Uint8Array[]
}
