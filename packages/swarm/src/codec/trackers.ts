import { limits } from '../limits.ts'
import type { Bencode, BencodeDictionary } from './bencode.ts'
import { hasUnseen, readText } from './text.ts'

/**
 * The tracker addresses of a `.torrent` in tiers: `announce-list` (BEP 12), else `announce`. They
 * are hints and not covered by the info-hash, so what is broken or too much is left out and the
 * torrent is still good.
 */
export function readTrackers(metainfo: BencodeDictionary): string[][] {
  const list = metainfo['announce-list']
  const tiers = Array.isArray(list) && list.length > 0 ? list : [[metainfo['announce'] ?? 0]]
  const kept: string[][] = []
  let room: number = limits.metainfo.trackers
  for (const tier of tiers) {
    if (!Array.isArray(tier)) continue
    const urls = tier.map(readUrl).filter((url) => url !== undefined)
    if (urls.length > 0 && room > 0) kept.push(urls.slice(0, room))
    room -= urls.length
  }
  return kept
}

function readUrl(value: Bencode): string | undefined {
  if (!(value instanceof Uint8Array) || value.length > limits.metainfo.trackerUrl) return undefined
  const url = readText(value)
  return url !== undefined && isTrackerUrl(url) ? url : undefined
}

/** Whether this can be the address of a tracker: BEP 3, 15 or WebTorrent's. */
export function isTrackerUrl(url: string): boolean {
  return /^(?:https?|udp|wss?):\/\/[^/]/.test(url) && !hasUnseen(url)
}
