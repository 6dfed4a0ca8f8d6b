import { createHmac } from 'node:crypto'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { ClientNode, GatewayInit } from './api.ts'
import { streamOpener } from './protocol.ts'

/** A client's place: as long as it is held, the client has this identity for this torrent. */
export interface Place {
  /** the node that stands for it; started at the first call */
  node(): Promise<ClientNode>
  /** Gives the place back; the node of an address without any stops. Never rejects. */
  leave(): Promise<void>
}

interface Entry {
  readonly node: Promise<ClientNode>
  readonly torrents: Set<string>
}

/**
 * libp2p identities of BitTorrent clients. An IP address has a fixed row of them, and each
 * connection takes the first that is free for its torrent: clients behind one address can be told
 * apart, and no address can make up new identities to get away from a ban.
 */
export class Identities {
  readonly #createNode: GatewayInit['createNode']
  readonly #secret: Uint8Array
  readonly #entries = new Map<string, Entry>()

  constructor({
    createNode,
    secret
  }: {
    createNode: GatewayInit['createNode']
    secret: Uint8Array
  }) {
    this.#createNode = createNode
    this.#secret = secret
  }

  /** @param address the client's IP address @param torrent its info-hash as text */
  take(address: string, torrent: string): Place {
    const key = this.#firstFree(address, torrent)
    const entry = this.#entries.get(key) ?? this.#begin(key)
    entry.torrents.add(torrent)
    return { node: () => entry.node, leave: () => this.#leave(key, entry, torrent) }
  }

  #firstFree(address: string, torrent: string): string {
    for (let place = 0; ; place++) {
      const key = `${address} ${place}`
      if (this.#entries.get(key)?.torrents.has(torrent) !== true) return key
    }
  }

  #begin(key: string): Entry {
    const entry = { node: this.#start(key), torrents: new Set<string>() }
    // whoever waits for it hears of a failure
    entry.node.catch(() => {})
    this.#entries.set(key, entry)
    return entry
  }

  async #start(key: string): Promise<ClientNode> {
    const seed = createHmac('sha256', this.#secret).update(key).digest()
    const identity = await generateKeyPairFromSeed('Ed25519', seed)
    return this.#createNode({ identity, services: { streams: streamOpener } })
  }

  async #leave(key: string, entry: Entry, torrent: string): Promise<void> {
    entry.torrents.delete(torrent)
    if (entry.torrents.size > 0 || this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    await entry.node.then((node) => node.stop()).catch(() => {})
  }
}
