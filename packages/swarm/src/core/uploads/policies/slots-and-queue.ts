import type { PeerKey } from '@peerage/wire'
import { limits } from '../../../limits.ts'
import { CreditBook } from './credit.ts'
import { wanting, type MakeUploadPolicy, type UploadPolicy, type UploadTorrent } from './policy.ts'
import { UploadDesk } from './upload-desk.ts'

export interface SlotsAndQueueInit {
  /** peers served at a time, all torrents together @default 4 */
  slots?: number
  /** torrents of which one peer is served at a time @default 1 */
  perPeer?: number
  /**
   * torrents up to this length go through a lane of their own, one peer at a time; in bytes, 0 for
   * none
   *
   * @default 64 KiB
   */
  quickLane?: number
  /** what peers have earned before @default an empty book */
  credit?: CreditBook
}

/** Somebody who waits. */
export interface QueueEntry {
  peer: PeerKey
  /** milliseconds it has waited */
  waited: number
}

export interface SlotsAndQueue extends MakeUploadPolicy {
  readonly credit: CreditBook
  /** Who waits, whoever is next first. @param now milliseconds on the swarm's clock */
  queue(now: number): QueueEntry[]
}

/**
 * Kazaa's way: a few slots for the whole node, and a queue in which everybody is told where it
 * stands. Waiting counts up to ten times as much for those who gave to us; every fourth slot is for
 * whoever has waited longest of those who never did. Hand one object to all torrents of a node.
 */
export function slotsAndQueue(init: SlotsAndQueueInit = {}): SlotsAndQueue {
  const { slots = limits.uploads.slots, perPeer = 1, credit = new CreditBook() } = init
  const { quickLane = limits.queue.quickLane } = init
  const desk = new UploadDesk({ slots, perPeer, credit })
  const make = (torrent: UploadTorrent): UploadPolicy => {
    const quick = torrent.length <= quickLane
    let at = 0
    return {
      slots: quick ? 1 : slots,
      every: limits.queue.round,
      serve: ({ now, peers }) => {
        at = now
        const asking = wanting(peers).map(({ peer }) => peer)
        desk.attend(now, torrent, quick, asking)
        desk.allot(now)
        return desk.served(torrent)
      },
      places: (now) => desk.places(now, torrent),
      received: (peer, bytes) => {
        credit.got(peer, bytes)
      },
      gave: (peer, bytes) => {
        credit.gave(peer, bytes)
        desk.gave(torrent, peer, bytes, at)
      }
    }
  }
  const queue = (now: number): QueueEntry[] =>
    desk.waiting(now).map(({ peer, since }) => ({ peer, waited: now - since }))
  return Object.assign(make, { credit, queue })
}
