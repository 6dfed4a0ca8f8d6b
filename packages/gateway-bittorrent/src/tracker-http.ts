import { asError } from '@peerage/wire'
import { decodeAnswer } from './codec/tracker-answer.ts'
import { TrackerAnswerError, TrackerUnreachableError } from './errors.ts'
import { limits } from './limits.ts'
import type { AnnounceOptions, Announcement, TrackerAnswer } from './api.ts'

/** One announcement over HTTP (BEP 3), answered with compact peers (BEP 23) or a list of them. */
export async function announceOverHttp(
  at: URL,
  announcement: Announcement,
  { signal, timeout }: AnnounceOptions & { timeout: number }
): Promise<TrackerAnswer> {
  const deadline = AbortSignal.timeout(timeout)
  const bytes = await ask(
    requestUrl(at, announcement),
    AbortSignal.any([deadline, ...(signal ? [signal] : [])])
  ).catch((reason: unknown) => {
    signal?.throwIfAborted()
    if (reason instanceof TrackerAnswerError) throw reason
    const why = deadline.aborted ? `no answer within ${timeout} ms` : causeOf(reason)
    throw new TrackerUnreachableError(`the tracker at ${at.host} could not be asked: ${why}`, {
      cause: reason
    })
  })
  const answer = decodeAnswer(bytes)
  if (answer instanceof Error) throw answer
  return answer
}

/** The tracker's own query is kept (private trackers put a key there); ours goes behind it. */
function requestUrl(at: URL, announcement: Announcement): URL {
  const { infoHash, peerId, port, event, uploaded = 0, downloaded = 0, left = 1 } = announcement
  const query = [
    `info_hash=${percentEncoded(infoHash)}`,
    `peer_id=${percentEncoded(peerId)}`,
    `port=${port}`,
    `uploaded=${uploaded}`,
    `downloaded=${downloaded}`,
    `left=${left}`,
    'compact=1',
    `numwant=${event === 'stopped' ? 0 : limits.tracker.numWant}`,
    ...(event == null ? [] : [`event=${event}`])
  ].join('&')
  const url = new URL(at)
  url.search = url.search === '' ? query : `${url.search}&${query}`
  return url
}

/** Every byte as `%xx`: what is binary must not be taken for text. */
function percentEncoded(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

async function ask(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal, redirect: 'manual' })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    const to = response.headers.get('location')?.slice(0, limits.tracker.reason) ?? 'elsewhere'
    throw new TrackerAnswerError(
      `the tracker at ${url.host} sends us to ${to}; name that one, if it is right`
    )
  }
  const bytes = await readBounded(response, url.host)
  // a tracker may say why in a refusal's body, too
  if (response.ok || bytes[0] === 'd'.charCodeAt(0)) return bytes
  throw new TrackerAnswerError(`the tracker at ${url.host} answered with status ${response.status}`)
}

async function readBounded(response: Response, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    // leaving the loop cancels the rest
    if (length > limits.tracker.answer) {
      throw new TrackerAnswerError(`the answer of ${host} is over ${limits.tracker.answer} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function causeOf(reason: unknown): string {
  const { message, cause } = asError(reason)
  // fetch says "fetch failed", and why one level below
  return cause instanceof Error ? cause.message || String(cause) : message
}
