import {
  BencodeError,
  decodeBencode,
  isDictionary,
  type Bencode,
  type BencodeDictionary
} from '@peerage/swarm'
import { TrackerAnswerError, TrackerRefusedError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { TcpAddress, TrackerAnswer } from '../api.ts'
import { readCompactPeers } from './compact-peers.ts'

/** An HTTP tracker's answer (BEP 3, 7, 23). Returns what is wrong with it instead of throwing. */
export function decodeAnswer(
  bytes: Uint8Array
): TrackerAnswer | TrackerAnswerError | TrackerRefusedError {
  const decoded = decodeBencode(bytes, limits.tracker.bencode)
  if (decoded instanceof BencodeError) {
    return new TrackerAnswerError(`the tracker's answer is damaged: ${decoded.message}`, {
      cause: decoded
    })
  }
  const { value } = decoded
  if (!isDictionary(value)) return new TrackerAnswerError("the tracker's answer is no dictionary")
  const reason = value['failure reason']
  if (reason instanceof Uint8Array) return refusal(reason)
  const seeders = whole(value, 'complete')
  const leechers = whole(value, 'incomplete')
  return {
    interval: intervalOf(whole(value, 'interval'), whole(value, 'min interval')),
    ...(seeders != null && { seeders }),
    ...(leechers != null && { leechers }),
    peers: [...readPeers(value['peers']), ...readPeers6(value['peers6'])].slice(
      0,
      limits.tracker.peers
    )
  }
}

/** What a tracker gives as its reason, cut to a line that can be shown. */
export function refusal(reason: Uint8Array): TrackerRefusedError {
  const text = new TextDecoder().decode(reason.subarray(0, limits.tracker.reason))
  return new TrackerRefusedError(`the tracker refuses: ${text.replaceAll(/\p{Cc}/gu, ' ').trim()}`)
}

/** Seconds, as trackers have them, to milliseconds. */
export function intervalOf(seconds: number | undefined, least = 0): number {
  return seconds == null ? limits.tracker.interval : Math.max(seconds, least) * 1_000
}

function readPeers(value: Bencode | undefined): TcpAddress[] {
  if (value instanceof Uint8Array) return readCompactPeers(value, 4)
  if (!Array.isArray(value)) return []
  return value.slice(0, limits.tracker.peers).flatMap((peer) => {
    if (!isDictionary(peer) || !(peer['ip'] instanceof Uint8Array)) return []
    const port = whole(peer, 'port')
    const host = new TextDecoder().decode(peer['ip'])
    return port != null && port <= 65_535 ? [{ host, port }] : []
  })
}

function readPeers6(value: Bencode | undefined): TcpAddress[] {
  return value instanceof Uint8Array ? readCompactPeers(value, 16) : []
}

function whole(dictionary: BencodeDictionary, key: string): number | undefined {
  const value = dictionary[key]
  return typeof value === 'number' && value >= 0 ? value : undefined
}
