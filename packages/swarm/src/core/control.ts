import { limits } from '../limits.ts'
import { Throttle, type RateLimit } from './rate-limit.ts'

/** How much of a torrent its user holds back. */
export class Control {
  /** nothing is asked for, and nothing given */
  paused = false
  /** channels there may be */
  maxPeers: number = limits.peers.connected
  readonly down: Throttle
  readonly up: Throttle

  /** @param node limits shared with the node's other torrents */
  constructor(node: { down?: RateLimit; up?: RateLimit } = {}) {
    this.down = new Throttle(node.down)
    this.up = new Throttle(node.up)
  }
}
