import type { Metrics } from '@libp2p/interface'
import type { PeerKey, PeerLedger } from '@peerage/wire'
import type { Transfer } from './api.ts'

/** A transfer and the peers it has channels to. */
export interface MeasuredTransfer extends Transfer {
  readonly peers: readonly PeerKey[]
}

interface Totals {
  bytes: { down: number; up: number; wasted: number }
  pieces: { verified: number; rejected: number }
  diskErrors: number
}

/**
 * What libp2p's metrics say of a swarm, all torrents together. Counters go on when a torrent stops.
 * Reckoned when somebody asks, so that they cost nothing while nobody does.
 */
export class SwarmMetrics {
  readonly #transfers = new Set<MeasuredTransfer>()
  /** of torrents that stopped, and of events */
  readonly #totals: Totals = {
    bytes: { down: 0, up: 0, wasted: 0 },
    pieces: { verified: 0, rejected: 0 },
    diskErrors: 0
  }

  constructor(metrics: Metrics, ledger: PeerLedger) {
    this.#registerCounters(metrics, ledger)
    metrics.registerMetricGroup('peerage_swarm_bytes_per_second', {
      label: 'direction',
      help: 'Bytes of blocks that come and go now',
      calculate: () => this.#rates()
    })
    metrics.registerMetricGroup('peerage_swarm_transfers', {
      label: 'state',
      help: 'Torrents this node takes part in',
      calculate: () => this.#states()
    })
    metrics.registerMetric('peerage_swarm_channels', {
      help: 'Channels there are: one for each torrent that a peer shares with us',
      calculate: () => this.#channels().length
    })
    metrics.registerMetric('peerage_swarm_peers', {
      help: 'Peers there are channels to',
      calculate: () => new Set(this.#channels()).size
    })
  }

  /** Counts a torrent in. */
  add(transfer: MeasuredTransfer): void {
    const { pieces } = this.#totals
    this.#transfers.add(transfer)
    transfer.addEventListener('piece:verify', () => pieces.verified++)
    transfer.addEventListener('piece:reject', () => pieces.rejected++)
    transfer.addEventListener('disk:fail', () => this.#totals.diskErrors++)
  }

  /** Keeps what a torrent that stops has counted. */
  remove(transfer: MeasuredTransfer): void {
    if (this.#transfers.delete(transfer)) addBytes(this.#totals.bytes, transfer)
  }

  #registerCounters(metrics: Metrics, ledger: PeerLedger): void {
    metrics.registerCounterGroup('peerage_swarm_bytes_total', {
      label: 'direction',
      help: 'Bytes of blocks that came, that were given, and that came and were not needed or wrong',
      calculate: () => this.#bytes()
    })
    metrics.registerCounterGroup('peerage_swarm_pieces_total', {
      label: 'result',
      help: 'Pieces whose hash was right, or wrong',
      calculate: () => ({ ...this.#totals.pieces })
    })
    metrics.registerCounter('peerage_swarm_bans_total', {
      help: 'Times a peer was banned',
      calculate: () => ledger.bans
    })
    metrics.registerCounter('peerage_swarm_disk_errors_total', {
      help: 'Times a torrent stood still because its storage failed',
      calculate: () => this.#totals.diskErrors
    })
  }

  #bytes(): Totals['bytes'] {
    const bytes = { ...this.#totals.bytes }
    for (const transfer of this.#transfers) addBytes(bytes, transfer)
    return bytes
  }

  #rates(): Record<'down' | 'up', number> {
    const rates = { down: 0, up: 0 }
    for (const { progress } of this.#transfers) {
      rates.down += progress.downRate
      rates.up += progress.upRate
    }
    return rates
  }

  #states(): Record<string, number> {
    const states: Record<string, number> = {}
    for (const { progress } of this.#transfers) {
      states[progress.state] = (states[progress.state] ?? 0) + 1
    }
    return states
  }

  #channels(): PeerKey[] {
    return [...this.#transfers].flatMap(({ peers }) => peers)
  }
}

function addBytes(bytes: Totals['bytes'], { progress }: Transfer): void {
  bytes.down += progress.downloaded
  bytes.up += progress.uploaded
  bytes.wasted += progress.wasted
}
