import { multiaddr } from '@multiformats/multiaddr'
import { WireError, type Codec } from '@peerage/wire'
import { decodeBencode, type Bencode, type BencodeDictionary } from '../codec/bencode.ts'
import { encodeBencode, type BencodeInput } from '../codec/bencode-encode.ts'
import { isDictionary } from '../codec/fields.ts'
import { fromHex, hasUnseen, readText, toHex } from '../codec/text.ts'
import { BencodeError } from '../errors.ts'
import { limits as swarmLimits } from '../limits.ts'
import { limits } from './limits.ts'
import type { Announced, Announce, Counts, TrackedPeer, TrackerMessage } from './messages.ts'

/**
 * Tracker messages as bytes. Bencode, as every BitTorrent tracker has spoken since BEP 3, with its
 * field names: the strict decoder is here already, and a gateway to other trackers renames nothing.
 */
export const trackerCodec: Codec<TrackerMessage> = {
  encode: (message) => encodeBencode(dictionaryOf(message)),
  decode: (bytes) => {
    const decoded = decodeBencode(bytes, swarmLimits.bencode.peer)
    if (decoded instanceof BencodeError) {
      return new WireError(`a tracker message is damaged: ${decoded.message}`, { cause: decoded })
    }
    if (!isDictionary(decoded.value)) return broken('is no dictionary')
    return read(decoded.value)
  }
}

function dictionaryOf(message: TrackerMessage): BencodeInput {
  switch (message.type) {
    case 'announce': {
      const { infoHash, event, left, want, addresses } = message
      const action = 'announce'
      return { action, info_hash: infoHash, event, left, numwant: want, addrs: addresses }
    }
    case 'scrape':
      return { action: 'scrape', info_hashes: message.infoHashes }
    case 'announced': {
      const { complete, incomplete } = message
      const interval = Math.ceil(message.interval / 1_000)
      const peers = message.peers.map(({ id, addresses }) => ({ id, addrs: addresses }))
      return { interval, complete, incomplete, peers }
    }
    case 'scraped':
      return { files: Object.fromEntries([...message.torrents].map(fileOf)) }
    case 'refused':
      return { 'failure reason': message.reason }
  }
}

function fileOf([hash, counts]: [string, Counts]): [string, BencodeInput] {
  return [String.fromCharCode(...(fromHex(hash) ?? [])), { ...counts }]
}

function read(fields: BencodeDictionary): TrackerMessage | WireError {
  const reason = text(fields['failure reason'], limits.wire.reason)
  if (reason != null) return { type: 'refused', reason }
  if (isDictionary(fields['files'])) return readScraped(fields['files'])
  if (fields['interval'] != null) return readAnnounced(fields)
  const action = text(fields['action'], 16)
  if (action === 'announce') return readAnnounce(fields)
  if (action === 'scrape') return readScrape(fields)
  return broken('neither asks nor answers anything')
}

function readAnnounce(fields: BencodeDictionary): Announce | WireError {
  const infoHash = fields['info_hash']
  if (!isHash(infoHash)) return broken('names no torrent')
  const event = text(fields['event'], 16)
  const known = event === 'started' || event === 'stopped' || event === 'completed'
  const left = whole(fields['left'], Number.MAX_SAFE_INTEGER)
  const want = whole(fields['numwant'], Number.MAX_SAFE_INTEGER) ?? limits.client.want
  return {
    type: 'announce',
    infoHash,
    ...(known && { event }),
    ...(left != null && { left }),
    want: Math.min(want, limits.tracker.answer),
    addresses: readAddresses(fields['addrs'])
  }
}

function readScrape(fields: BencodeDictionary): TrackerMessage | WireError {
  const list = fields['info_hashes']
  if (!Array.isArray(list) || list.length > limits.wire.scrape || !list.every(isHash)) {
    return broken(`asks for no torrents, or for more than ${limits.wire.scrape}`)
  }
  return { type: 'scrape', infoHashes: list }
}

function readAnnounced(fields: BencodeDictionary): Announced | WireError {
  const { shortestInterval, longestInterval } = limits.client
  const seconds = whole(fields['interval'], Number.MAX_SAFE_INTEGER)
  const peers = fields['peers']
  if (seconds == null || !Array.isArray(peers)) return broken('answers an announcement with less')
  return {
    type: 'announced',
    interval: Math.max(shortestInterval, Math.min(seconds * 1_000, longestInterval)),
    ...countsIn(fields),
    peers: peers.slice(0, limits.tracker.answer).flatMap((peer) => readPeer(peer) ?? [])
  }
}

function readScraped(files: BencodeDictionary): TrackerMessage {
  const torrents = new Map<string, Counts>()
  for (const [key, value] of Object.entries(files)) {
    if (key.length !== 20 || !isDictionary(value) || torrents.size === limits.wire.scrape) continue
    const hash = toHex(Uint8Array.from(key, (character) => character.charCodeAt(0)))
    const downloaded = whole(value['downloaded'], Number.MAX_SAFE_INTEGER) ?? 0
    torrents.set(hash, { ...countsIn(value), downloaded })
  }
  return { type: 'scraped', torrents }
}

function readPeer(value: Bencode): TrackedPeer | undefined {
  if (!isDictionary(value)) return undefined
  const id = text(value['id'], 128)
  const addresses = readAddresses(value['addrs'])
  return id == null || addresses.length === 0 ? undefined : { id, addresses }
}

/** Addresses that are none, or too long, are left out: the others may do. */
function readAddresses(value: Bencode | undefined): Uint8Array[] {
  if (!Array.isArray(value)) return []
  return value.filter((bytes) => isAddress(bytes)).slice(0, limits.wire.addresses)
}

function isAddress(bytes: Bencode): bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array) || bytes.length > limits.wire.address) return false
  try {
    const last = multiaddr(bytes).getComponents().at(-1)
    // whose address it is, the connection or the entry says, and nothing else may
    return last != null && last.name !== 'p2p'
  } catch {
    return false
  }
}

function countsIn(fields: BencodeDictionary): { complete: number; incomplete: number } {
  const count = (key: string): number => whole(fields[key], Number.MAX_SAFE_INTEGER) ?? 0
  return { complete: count('complete'), incomplete: count('incomplete') }
}

function isHash(value: Bencode | undefined): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 20
}

function whole(value: Bencode | undefined, max: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= max ? value : undefined
}

function text(value: Bencode | undefined, longest: number): string | undefined {
  if (!(value instanceof Uint8Array) || value.length > longest) return undefined
  const read = readText(value)
  return read == null || hasUnseen(read) ? undefined : read
}

function broken(what: string): WireError {
  return new WireError(`a tracker message ${what}`)
}
