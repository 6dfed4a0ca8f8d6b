import type { AnnounceOptions, Announcement, TrackerAnswer } from './api.ts'
import { TrackerUrlError } from './errors.ts'
import { limits } from './limits.ts'
import { announceOverHttp } from './tracker-http.ts'
import { announceOverUdp } from './tracker-udp.ts'

/**
 * Announces at a tracker once and takes its answer. Only the host in `url` is spoken to:
 * redirections are not followed.
 *
 * @param url `http:`, `https:` (BEP 3, 23) or `udp:` (BEP 15)
 * @throws {TrackerUrlError} the address cannot be used
 * @throws {TrackerUnreachableError} there was no answer, or none in time
 * @throws {TrackerAnswerError} the answer is none
 * @throws {TrackerRefusedError} the tracker said no
 */
export async function announce(
  url: string,
  announcement: Announcement,
  options: AnnounceOptions = {}
): Promise<TrackerAnswer> {
  const at = readTrackerUrl(url)
  const ask = at.protocol === 'udp:' ? announceOverUdp : announceOverHttp
  return ask(at, announcement, { timeout: limits.tracker.timeout, ...options })
}

/** @throws {TrackerUrlError} */
export function readTrackerUrl(url: string): URL {
  const at = url.length <= limits.tracker.url ? URL.parse(url) : null
  const example =
    'it should look like http://tracker.example/announce or udp://tracker.example:6969'
  if (at == null) throw new TrackerUrlError(`"${url.slice(0, 80)}" is no address; ${example}`)
  const usable = at.protocol === 'udp:' ? at.port !== '' : /^https?:$/.test(at.protocol)
  if (usable && at.hostname !== '') return at
  throw new TrackerUrlError(`"${url}" is no tracker this gateway can speak to; ${example}`)
}
