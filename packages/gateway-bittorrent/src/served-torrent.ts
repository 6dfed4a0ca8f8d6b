import type { Multiaddr } from '@multiformats/multiaddr'
import { BoundedMap } from '@peerage/wire'
import type { Served, ServeOptions, SwarmAddress, TcpAddress } from './api.ts'
import { limits } from './limits.ts'

export interface ServedTorrentInit extends ServeOptions {
  infoHash: Uint8Array
  /** what is to be done when it is stopped */
  end: () => Promise<void>
}

/** One torrent: who has it on either side, and whose turn it is. */
export class ServedTorrent implements Served {
  readonly infoHash: Uint8Array
  readonly #init: ServedTorrentInit
  /** the next to be tried is first, in both */
  readonly #clients = new BoundedMap<string, TcpAddress>({ max: limits.torrents.clients })
  readonly #peers = new BoundedMap<string, Multiaddr[]>({ max: limits.torrents.peers })
  #stopped: Promise<void> | undefined

  constructor(init: ServedTorrentInit) {
    this.infoHash = init.infoHash
    this.#init = init
    for (const client of init.clients ?? []) this.addClient(client)
    for (const peer of init.peers ?? []) this.#addPeer(peer)
  }

  get clients(): readonly TcpAddress[] {
    return [...this.#clients].map(([, address]) => address)
  }

  addClient({ host, port }: TcpAddress): void {
    const key = hostPort({ host, port })
    if (!this.#clients.has(key)) this.#clients.set(key, { host, port })
  }

  /** BitTorrent clients to be tried; one that is taken is last the next time. */
  *nextClients(): Generator<TcpAddress> {
    for (const client of this.clients) {
      this.#clients.set(hostPort(client), client)
      yield client
    }
  }

  /** libp2p peers to be tried: those that are known, in turn, then those that are found. */
  async *nextPeers(signal: AbortSignal): AsyncGenerator<Multiaddr[]> {
    const known = [...this.#peers]
    for (const [key, peer] of known) {
      this.#peers.set(key, peer)
      yield peer
    }
    for await (const peer of this.#init.findPeers?.(this.infoHash, { signal }) ?? []) {
      const addresses = this.#addPeer(peer)
      if (addresses != null) yield addresses
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#init.end()
    return this.#stopped
  }

  /** @returns its addresses, when it was not known */
  #addPeer(peer: SwarmAddress): Multiaddr[] | undefined {
    const addresses = Array.isArray(peer) ? [...peer] : [peer as Multiaddr]
    const key = addresses.map(peerIn).find((id) => id != null) ?? addresses.join()
    const known = this.#peers.has(key)
    if (!known) this.#peers.set(key, addresses)
    return known ? undefined : addresses
  }
}

/** An address as one text, to tell addresses apart by. */
function hostPort({ host, port }: TcpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** The peer at the far end of an address: after a relay's, there is a second one. */
function peerIn(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value
}
