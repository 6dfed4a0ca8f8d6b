/**
 * @packageDocumentation
 *
 * Trackers over libp2p: {@link tracker} keeps one on any node, {@link trackers} announces what a
 * swarm takes part in, and {@link TrackerClient} asks by hand.
 *
 * @example
 *
 * ```ts
 * import { swarm } from '@peerage/swarm'
 * import { tracker, trackers } from '@peerage/swarm/tracker'
 *
 * const helper = await createLibp2p({ services: { tracker: tracker() } })
 * const node = await createLibp2p({
 *   services: { swarm: swarm({ findPeers: trackers([helper.getMultiaddrs()]) }) }
 * })
 * ```
 */

export {
  tracker,
  type Tracker,
  type TrackerComponents,
  type TrackerInit
} from './tracker/tracker.ts'
export { trackers, type TrackersInit } from './tracker/trackers.ts'
export {
  TrackerClient,
  type AnnounceInit,
  type AnnounceResult,
  type TrackerAddress,
  type TrackerClientComponents
} from './tracker/client.ts'
export { TrackerError } from './tracker/errors.ts'
export { limits } from './tracker/limits.ts'
export type { AnnounceEvent, Counts } from './tracker/messages.ts'
export { TRACKER_PROTOCOL } from './tracker/protocol.ts'
