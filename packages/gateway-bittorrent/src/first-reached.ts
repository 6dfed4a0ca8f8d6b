import { asError } from '@peerage/wire'
import { NoPeerError } from './errors.ts'
import { limits } from './limits.ts'

/**
 * Tries one after the other until one can be reached.
 *
 * @throws {NoPeerError} there is none, or none of the first {@link limits} `pipes.attempts` answers
 */
export async function firstReached<T, R>(
  candidates: AsyncIterable<T> | Iterable<T>,
  reach: (candidate: T) => Promise<R>,
  signal: AbortSignal
): Promise<R> {
  let cause: Error | undefined
  let tried = 0
  for await (const candidate of candidates) {
    signal.throwIfAborted()
    try {
      return await reach(candidate)
    } catch (reason) {
      cause = asError(reason)
    }
    if (++tried === limits.pipes.attempts) break
  }
  signal.throwIfAborted()
  if (cause == null) throw new NoPeerError('nobody is known who has the torrent')
  throw new NoPeerError(`none of ${tried} could be reached; the last one: ${cause.message}`, {
    cause
  })
}
