import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { asError } from '@peerage/wire'
import {
  decodeAnnounced,
  decodeConnect,
  encodeAnnounce,
  encodeConnect,
  transactionOf
} from './codec/udp-tracker.ts'
import { TrackerAnswerError, TrackerRefusedError, TrackerUnreachableError } from './errors.ts'
import { limits } from './limits.ts'
import type { AnnounceOptions, Announcement, TrackerAnswer } from './api.ts'

/** One announcement over UDP (BEP 15): a connection id first, then the announcement itself. */
export async function announceOverUdp(
  at: URL,
  announcement: Announcement,
  { signal, timeout }: AnnounceOptions & { timeout: number }
): Promise<TrackerAnswer> {
  const deadline = AbortSignal.timeout(timeout)
  const either = AbortSignal.any([deadline, ...(signal ? [signal] : [])])
  try {
    return await converse(at, announcement, either)
  } catch (reason) {
    signal?.throwIfAborted()
    if (reason instanceof TrackerAnswerError || reason instanceof TrackerRefusedError) throw reason
    const why = deadline.aborted ? `no answer within ${timeout} ms` : asError(reason).message
    throw new TrackerUnreachableError(`the tracker at ${at.host} could not be asked: ${why}`, {
      cause: reason
    })
  }
}

async function converse(
  { hostname, port }: URL,
  announcement: Announcement,
  signal: AbortSignal
): Promise<TrackerAnswer> {
  const { address, family } = await lookup(hostname.replaceAll(/^\[|\]$/g, ''))
  signal.throwIfAborted()
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    // connected: datagrams from anybody else do not get here
    socket.connect(Number(port), address)
    await once(socket, 'connect', { signal })
    const connection = await exchange(socket, (id) => encodeConnect(id), decodeConnect, signal)
    const key = randomBytes(4).readUInt32BE()
    return await exchange(
      socket,
      (id) => encodeAnnounce(id, connection, announcement, key),
      (answer) => decodeAnnounced(answer, family === 6 ? 16 : 4),
      signal
    )
  } finally {
    socket.close()
  }
}

/** Asks until there is an answer: again after a while, then after twice as long, and so on. */
async function exchange<T>(
  socket: Socket,
  question: (transaction: number) => Uint8Array,
  decode: (answer: Uint8Array) => T | TrackerAnswerError | TrackerRefusedError,
  signal: AbortSignal
): Promise<T> {
  const transaction = randomBytes(4).readUInt32BE()
  const bytes = question(transaction)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const ask = (wait: number): void => {
    socket.send(bytes)
    timer = setTimeout(() => ask(2 * wait), wait)
  }
  const hear = (answer: Uint8Array): void => {
    // an answer to an earlier question, or a stranger's guess
    if (transactionOf(answer) !== transaction) return
    const decoded = decode(answer)
    if (decoded instanceof TrackerAnswerError || decoded instanceof TrackerRefusedError)
      reject(decoded)
    else resolve(decoded)
  }
  socket.on('message', hear).once('error', reject)
  signal.addEventListener('abort', () => reject(asError(signal.reason)), { signal: over.signal })
  try {
    signal.throwIfAborted()
    ask(limits.tracker.firstRetry)
    return await promise
  } finally {
    clearTimeout(timer)
    over.abort()
    socket.off('message', hear).off('error', reject)
  }
}
