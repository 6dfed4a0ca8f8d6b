import { WireError } from '@peerage/wire'
import { BencodeError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeBencode } from './bencode.ts'
import { encodeBencode } from './bencode-encode.ts'
import { isDictionary } from './fields.ts'

/** Where a peer that waits stands. */
export interface QueuePlace {
  /** 1 is next */
  position: number
  /** peers that wait */
  length: number
  /** how long it may take, in milliseconds; undefined while that cannot be told */
  wait: number | undefined
}

/** The number by which peers send us `pg_queue`, which tells where we stand in their queue. */
export const ourQueueId = 5

/** Times go in whole seconds, rounded up. */
export function encodeQueueStatus({ position, length, wait }: QueuePlace): Uint8Array {
  return encodeBencode({
    length,
    position,
    wait: wait == null ? undefined : Math.min(longestWait, Math.ceil(wait / 1_000))
  })
}

export function decodeQueueStatus(payload: Uint8Array): QueuePlace | WireError {
  const decoded = decodeBencode(payload, limits.bencode.peer)
  if (decoded instanceof BencodeError) {
    const message = `the pg_queue message is damaged: ${decoded.message}`
    return new WireError(message, { cause: decoded })
  }
  if (!isDictionary(decoded.value)) return new WireError('a pg_queue message is no dictionary')
  const { position, length, wait } = decoded.value
  if (!isWhole(length, 1, longestQueue) || !isWhole(position, 1, length)) {
    return new WireError('a pg_queue message names no place in a queue')
  }
  return { position, length, wait: isWhole(wait, 0, longestWait) ? wait * 1_000 : undefined }
}

/** a year, in seconds: a longer wait tells nobody anything */
const longestWait = 365 * 24 * 3_600
const longestQueue = 2 ** 31

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}
