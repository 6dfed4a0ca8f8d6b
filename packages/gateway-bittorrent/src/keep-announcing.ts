import { asError, type Clock } from '@peerage/wire'
import type { Announcement, TcpAddress } from './api.ts'
import { mayDial } from './may-dial.ts'
import { limits } from './limits.ts'
import { announce } from './tracker.ts'

export interface AnnouncerInit {
  url: string
  /** what is announced, without the event */
  about: Omit<Announcement, 'event'>
  clock: Clock
  /** clients the tracker named, as far as they may be dialled */
  heard: (clients: readonly TcpAddress[]) => void
  failed: (error: Error) => void
}

/**
 * Announces at one tracker, again and again as it asks for, until the signal aborts; then says
 * "stopped" if the tracker knows of us. Never rejects.
 */
export async function keepAnnouncing(init: AnnouncerInit, signal: AbortSignal): Promise<void> {
  const { url, about, clock, heard, failed } = init
  let known = false
  let wait: number = limits.tracker.firstWait
  while (!signal.aborted) {
    try {
      const event = known ? undefined : 'started'
      const { peers, interval } = await announce(url, { ...about, event }, { signal })
      known = true
      wait = limits.tracker.firstWait
      heard(peers.filter((peer) => mayDial(peer, url)))
      await passed(clock, bounded(interval), signal)
    } catch (reason) {
      if (signal.aborted) break
      failed(asError(reason))
      await passed(clock, wait, signal)
      wait = Math.min(2 * wait, limits.tracker.interval)
    }
  }
  if (!known) return
  const farewell = { signal: AbortSignal.timeout(limits.tracker.farewell) }
  // the tracker forgets us by itself in the end
  await announce(url, { ...about, event: 'stopped' }, farewell).catch(() => {})
}

function bounded(interval: number): number {
  const { shortestInterval, longestInterval } = limits.tracker
  return Math.min(Math.max(interval, shortestInterval), longestInterval)
}

/** Resolves after so many milliseconds, or when the signal aborts. */
async function passed(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(delay, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true }
    )
    if (signal.aborted) resolve()
  })
}
