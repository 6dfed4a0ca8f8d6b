import { asError, WireError } from '@peerage/wire'
import type { Rewriter } from './codec/rewriter.ts'
import type { Line } from './tcp-line.ts'

/** One direction of a pipe. */
export interface Flow {
  readonly from: Line
  readonly to: Line
  readonly rewriter: Rewriter
  /** a message that was read from `from` already */
  readonly first?: Uint8Array
  /** called with the bytes of each message that went on */
  readonly carried: (bytes: number) => void
}

/**
 * Carries messages both ways until either side closes, then closes the other: BitTorrent never
 * half-closes. A message is read when the one before it has been taken, so a slow reader slows its
 * sender and nothing piles up here.
 *
 * @returns what went wrong, if anything did
 */
export async function joinLines(a: Flow, b: Flow): Promise<Error | undefined> {
  const over = await Promise.race([carry(a), carry(b)])
  for (const line of [a.from, b.from]) {
    if (over == null) void line.end()
    else line.abort(over)
  }
  await Promise.all([a.from.closed, b.from.closed])
  return over
}

async function carry({ from, to, rewriter, first, carried }: Flow): Promise<Error | undefined> {
  try {
    for (let next = first ?? (await from.receive()); next != null; next = await from.receive()) {
      const message = rewriter.rewrite(next)
      if (message instanceof WireError) return message
      if (message == null || message.byteLength === 0) continue
      await to.send(message)
      carried(message.byteLength)
    }
    return undefined
  } catch (reason) {
    return asError(reason)
  }
}
