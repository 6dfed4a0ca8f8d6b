import { readFile } from 'node:fs/promises'
import { multiaddr } from '@multiformats/multiaddr'
import {
  type Magnet,
  parseMagnet,
  parseTorrent,
  type PeerAddress,
  type Torrent
} from '@peerage/swarm'
import { withPeer } from './addresses.ts'
import type { DataFolder } from './data-folder.ts'
import { UsageError } from './errors.ts'
import { type Found, savedHit } from './saved-hits.ts'

/** What is to be fetched, and from whom as far as that is known. */
export interface GetSource {
  readonly what: Magnet | Torrent
  readonly peers: readonly PeerAddress[]
}

/**
 * Reads what `get` is asked for: a hit's number, a content id, a magnet or a `.torrent` file.
 *
 * @throws UsageError, MagnetError, TorrentError, or the system's error when the file cannot be read
 */
export async function readSource(text: string, data: DataFolder): Promise<GetSource> {
  if (/^\d{1,6}$/.test(text)) return fromHit(await savedHit(data, Number(text)))
  if (/^magnet:/i.test(text)) return { what: parseMagnet(text), peers: [] }
  const id = /^[0-9a-f]{40}$/i.test(text) ? `btih:${text}` : text
  if (isContentId(id)) return { what: parseMagnet(`magnet:?xt=urn:${id}`), peers: [] }
  if (/^bt[im]h:/i.test(text)) {
    throw new UsageError(
      `"${text}" is no content id; it should be btih: and 40 hexadecimal digits, or btmh:1220 and 64`
    )
  }
  return { what: parseTorrent(await readFile(text)), peers: [] }
}

function isContentId(text: string): boolean {
  return /^(?:btih:[0-9a-f]{40}|btmh:1220[0-9a-f]{64})$/i.test(text)
}

function fromHit({ number, item, sources }: Found): GetSource {
  if (!isContentId(item.id)) {
    throw new UsageError(`hit ${number} is nothing that can be fetched: its id is "${item.id}"`)
  }
  const peers = sources.map(({ peer, addresses }) =>
    addresses.map((address) => withPeer(multiaddr(address), peer))
  )
  return {
    what: parseMagnet(
      `magnet:?xt=urn:${item.id}&dn=${encodeURIComponent(item.name.toWellFormed())}`
    ),
    peers: peers.filter((addresses) => addresses.length > 0)
  }
}
