import type { Torrent, Transfer } from '@peerage/swarm'
import { NothingFoundError } from './errors.ts'

export interface FetchingInit {
  readonly signal: AbortSignal
  /** milliseconds in which nothing comes before it is given up */
  readonly patience: number
}

/**
 * Waits for a transfer's end, and gives up where the swarm by itself would go on trying: on a full
 * disk, and when nobody has anything. The transfer is left running; whoever called stops it.
 *
 * @throws DiskFullError, StorageError, NothingFoundError, TorrentError, or the signal's reason
 */
export async function untilFetched(
  transfer: Transfer,
  { signal, patience }: FetchingInit
): Promise<Torrent> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  const ended = new AbortController()
  const { signal: done } = ended
  let timer: NodeJS.Timeout | undefined
  let bytes = -1
  const wait = (): void => {
    // progress is told of without bytes, too
    if (transfer.progress.bytes === bytes) return
    bytes = transfer.progress.bytes
    clearTimeout(timer)
    timer = setTimeout(() => reject(giveUp(transfer, patience)), patience)
  }
  transfer.addEventListener('transfer:progress', wait, { signal: done })
  transfer.addEventListener('disk:fail', ({ detail }) => reject(detail), { signal: done })
  signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: done })
  wait()
  try {
    signal.throwIfAborted()
    return await Promise.race([transfer.done, failed])
  } finally {
    clearTimeout(timer)
    ended.abort()
  }
}

function giveUp({ progress }: Transfer, patience: number): NothingFoundError {
  const { pieces, pieceCount, peers } = progress
  const waited = `in ${patience / 1000} s`
  const next = 'join more peers with --join, or try again later'
  if (pieceCount === 0 && peers === 0) {
    return new NothingFoundError(`no peer that has it was found ${waited}; ${next}`)
  }
  const kept = `the ${pieces} of ${pieceCount} pieces that are here stay`
  return new NothingFoundError(`nobody gave anything more ${waited}; ${kept}; ${next}`)
}
