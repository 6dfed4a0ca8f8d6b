import type { PeerKey } from '@peerage/wire'
import { limits } from '../../limits.ts'
import type { PickOptions } from './picker-init.ts'

/** A piece of which some blocks are asked for or here: who was asked for what. */
export class BegunPiece {
  readonly piece: number
  readonly blocks: number
  /** the peer this piece is lent to, once a piece that is fetched `alone` has found one */
  holder: PeerKey | undefined
  #alone: boolean
  /** when it was lent, in milliseconds */
  #lentAt = -Infinity
  /** whoever was asked for a block of it, or sent one */
  readonly #hands = new Set<PeerKey>()
  /** blocks nobody is asked for, the first one last */
  readonly #free: number[]
  /** blocks on their way, and who was asked for them */
  readonly #asked = new Map<number, PeerKey[]>()
  readonly #here: Set<number> = new Set()

  /** @param alone it is to come from one peer */
  constructor(piece: number, blocks: number, alone: boolean) {
    this.piece = piece
    this.blocks = blocks
    this.#alone = alone
    this.#free = Array.from({ length: blocks }, (_, block) => blocks - 1 - block)
  }

  /**
   * All of it comes from one peer, so that whoever sent it is known if it is bad: a piece that failed
   * its hash before, or one that a suspect fetches.
   */
  get alone(): boolean {
    return this.#alone
  }

  get free(): number {
    return this.#free.length
  }

  /** blocks on their way */
  get asked(): number {
    return this.#asked.size
  }

  get whole(): boolean {
    return this.#here.size === this.blocks
  }

  /** @param parole it must not share a piece with others: see {@link PickOptions} */
  opensTo(peer: PeerKey, parole: boolean): boolean {
    if (this.holder != null) return this.holder === peer
    return !parole || this.#hands.size === (this.#hands.has(peer) ? 1 : 0)
  }

  /** Up to `count` blocks nobody is asked for, now asked of `peer`; of a suspect, of it alone. */
  take(
    peer: PeerKey,
    count: number,
    { now = -Infinity, parole = false }: PickOptions = {}
  ): { piece: number; block: number }[] {
    const { piece } = this
    const taken = this.#free.splice(Math.max(0, this.#free.length - count)).reverse()
    if (taken.length === 0) return []
    this.#alone ||= parole
    if (this.#alone && this.holder == null) this.#lentAt = now
    if (this.#alone) this.holder = peer
    this.#hands.add(peer)
    for (const block of taken) this.#asked.set(block, [peer])
    return taken.map((block) => ({ piece, block }))
  }

  /** Whether others may help with it in the endgame. */
  helpable(now: number): boolean {
    return !this.#alone || now - this.#lentAt >= limits.picker.alone
  }

  /** The block on its way that fewest peers were asked for, `peer` not among them. */
  leastAsked(peer: PeerKey, most: number): { block: number; requesters: number } | undefined {
    let best: { block: number; requesters: number } | undefined
    for (const [block, peers] of this.#asked) {
      if (peers.length >= (best?.requesters ?? most) || peers.includes(peer)) continue
      best = { block, requesters: peers.length }
      if (peers.length === 1) break
    }
    return best
  }

  /** Up to `count` blocks on their way from others, asked of `peer` as well. */
  takeBusy(peer: PeerKey, count: number): { piece: number; block: number }[] {
    const taken: { piece: number; block: number }[] = []
    while (taken.length < count) {
      const busy = this.leastAsked(peer, limits.picker.requesters)
      if (busy == null) break
      this.askAlso(peer, busy.block)
      taken.push({ piece: this.piece, block: busy.block })
    }
    return taken
  }

  /** Of a piece that was lent to one, two have a part from now on. */
  askAlso(peer: PeerKey, block: number): void {
    this.#alone = false
    this.holder = undefined
    this.#asked.get(block)!.push(peer)
    this.#hands.add(peer)
  }

  /** @returns who else was asked for it, or undefined when it is here already */
  receive(peer: PeerKey, block: number): PeerKey[] | undefined {
    if (this.#here.has(block)) return undefined
    const asked = this.#asked.get(block)
    // it came after all, from a peer we had given up on
    if (asked == null) this.#free.splice(this.#free.indexOf(block), 1)
    this.#hands.add(peer)
    this.#asked.delete(block)
    this.#here.add(block)
    return asked?.filter((other) => other !== peer) ?? []
  }

  /** `peer` will not send this block. */
  release(peer: PeerKey, block: number): void {
    const asked = this.#asked.get(block)
    if (asked == null) return
    const others = asked.filter((other) => other !== peer)
    if (others.length > 0) {
      this.#asked.set(block, others)
    } else {
      this.#asked.delete(block)
      this.#free.push(block)
    }
  }

  /** Throws when a block is in two states, or in none. */
  check(): void {
    const states = [...this.#free, ...this.#asked.keys(), ...this.#here]
    if (states.length !== this.blocks || new Set(states).size !== this.blocks) {
      throw new Error(`piece ${this.piece}: its blocks are not each in one state`)
    }
    for (const peers of this.#asked.values()) {
      if (peers.length === 0 || new Set(peers).size !== peers.length) {
        throw new Error(`piece ${this.piece}: a block asked of nobody, or twice of one peer`)
      }
    }
  }
}
