import { TrackerAnswerError, type TrackerRefusedError } from '../errors.ts'
import type { Announcement, TrackerAnswer } from '../api.ts'
import { limits } from '../limits.ts'
import { readCompactPeers } from './compact-peers.ts'
import { intervalOf, refusal } from './tracker-answer.ts'

const actions = { connect: 0, announce: 1, error: 3 } as const
const events = { none: 0, completed: 1, started: 2, stopped: 3 } as const
/** The number that marks a first datagram (BEP 15). */
const magic = 0x41727101980n

/** The first question: 16 bytes. */
export function encodeConnect(transaction: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  view.setBigUint64(0, magic)
  view.setUint32(8, actions.connect)
  view.setUint32(12, transaction)
  return new Uint8Array(view.buffer)
}

/** @returns the connection id, which shows that we are at the address we ask from */
export function decodeConnect(
  answer: Uint8Array
): bigint | TrackerAnswerError | TrackerRefusedError {
  const view = viewOf(answer)
  const wrong = refused(answer, actions.connect, 16)
  return wrong ?? view.getBigUint64(8)
}

/** The announcement: 98 bytes. */
export function encodeAnnounce(
  transaction: number,
  connection: bigint,
  { infoHash, peerId, port, event, uploaded = 0, downloaded = 0, left = 1 }: Announcement,
  key: number
): Uint8Array {
  const bytes = new Uint8Array(98)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, connection)
  view.setUint32(8, actions.announce)
  view.setUint32(12, transaction)
  bytes.set(infoHash, 16)
  bytes.set(peerId, 36)
  view.setBigUint64(56, BigInt(downloaded))
  view.setBigUint64(64, BigInt(left))
  view.setBigUint64(72, BigInt(uploaded))
  view.setUint32(80, events[event ?? 'none'])
  // 84: our address, 0 for the one this comes from
  view.setUint32(88, key)
  view.setInt32(92, event === 'stopped' ? 0 : limits.tracker.numWant)
  view.setUint16(96, port)
  return bytes
}

/** @param addressLength 4 or 16, after the address family of the tracker itself */
export function decodeAnnounced(
  answer: Uint8Array,
  addressLength: 4 | 16
): TrackerAnswer | TrackerAnswerError | TrackerRefusedError {
  const wrong = refused(answer, actions.announce, 20)
  if (wrong != null) return wrong
  const view = viewOf(answer)
  return {
    interval: intervalOf(view.getUint32(8)),
    leechers: view.getUint32(12),
    seeders: view.getUint32(16),
    peers: readCompactPeers(answer.subarray(20), addressLength)
  }
}

/** Which question a datagram answers; undefined when it is too short to answer any. */
export function transactionOf(answer: Uint8Array): number | undefined {
  return answer.byteLength < 8 ? undefined : viewOf(answer).getUint32(4)
}

function refused(
  answer: Uint8Array,
  action: number,
  least: number
): TrackerAnswerError | TrackerRefusedError | undefined {
  const given = viewOf(answer).getUint32(0)
  if (given === actions.error) return refusal(answer.subarray(8))
  if (given !== action) return new TrackerAnswerError(`the tracker answered with action ${given}`)
  if (answer.byteLength >= least) return undefined
  return new TrackerAnswerError(`the tracker's answer is cut short at ${answer.byteLength} bytes`)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
