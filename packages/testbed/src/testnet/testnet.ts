import type { AbortOptions, Libp2p, PeerId, ServiceMap } from '@libp2p/interface'
import type { Node } from '@peerage/transport'
import { StillOpenError } from '../errors.ts'
import type { Patchbay } from './patchbay.ts'

/** A node and the names of its services that are stopping just now. */
export interface Member<S extends ServiceMap> {
  node: Node<S>
  stopping: ReadonlySet<string>
}

/** A small network of real nodes, made by {@link testnet}; nodes go by their number. */
export class Testnet<S extends ServiceMap = ServiceMap> {
  readonly #members: readonly Member<S>[]
  readonly #patchbay: Patchbay
  readonly #deadline: number
  #stopped: Promise<void> | undefined

  constructor(members: readonly Member<S>[], patchbay: Patchbay, deadline: number) {
    this.#members = members
    this.#patchbay = patchbay
    this.#deadline = deadline
  }

  get nodes(): Node<S>[] {
    return this.#members.map(({ node }) => node)
  }

  /** Has one node dial another; resolves when both have the connection. */
  async connect(a: number, b: number, { signal }: AbortOptions = {}): Promise<void> {
    const either = signal ?? AbortSignal.timeout(this.#deadline)
    const [near, far] = [this.#node(a), this.#node(b)]
    await near.dial(far.getMultiaddrs(), { signal: either })
    await connected(far, near.peerId, either)
  }

  /**
   * Cuts what joins two nodes, as an unplugged wire would: nothing passes, ends and resets
   * included, and dials fail. Both believe their connections to be open until a deadline of theirs
   * runs out.
   */
  cut(a: number, b: number): void {
    this.#cable(a, b).cut()
  }

  /** Lets what was held pass, in its order, and dials through. */
  heal(a: number, b: number): void {
    this.#cable(a, b).heal()
  }

  /** @param delay milliseconds that everything between the two takes longer, each way; 0 ends it */
  delay(a: number, b: number, delay: number): void {
    this.#cable(a, b).lengthen(delay)
  }

  /**
   * Ends a node as `kill -9` would: its connections are reset before any module can say goodbye.
   * Resolves when nothing of it is left.
   *
   * @throws StillOpenError when that takes longer than the deadline
   */
  async kill(i: number): Promise<void> {
    const node = this.#node(i)
    this.#patchbay.unplug(i)
    for (const connection of node.getConnections()) connection.abort(new Error(`node ${i} killed`))
    await this.#within([i])
  }

  /**
   * Heals everything and stops all nodes.
   *
   * @throws StillOpenError when something is still open after the deadline, with its name
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #stop(): Promise<void> {
    for (const cable of this.#patchbay.cables) {
      cable.lengthen(0)
      cable.heal()
    }
    await this.#within(this.#members.map((_, i) => i))
  }

  /** Stops these nodes, and complains when the deadline passes first. */
  async #within(list: number[]): Promise<void> {
    const late = pause(this.#deadline)
    const stops = this.#inTurn(list)
    await Promise.race([Promise.allSettled([stops]), late.over])
    late.cancel()
    const open = list.flatMap((i) => this.#openAt(i))
    if (open.length > 0) {
      throw new StillOpenError(`still open after ${this.#deadline} ms: ${open.join('; ')}`)
    }
    // a stop that failed is a finding too
    await stops
  }

  /**
   * One after the other, as two nodes that stop at once each wait half a second for an event the
   * other has already caused (libp2p 3.3, connection manager); a slow one is not waited for.
   */
  async #inTurn(list: number[]): Promise<void> {
    const stops: Promise<void>[] = []
    for (const i of list) {
      const stop = Promise.resolve(this.#node(i).stop())
      const patience = pause(100)
      stops.push(stop)
      await Promise.race([Promise.allSettled([stop]), patience.over])
      patience.cancel()
    }
    await Promise.all(stops)
  }

  #openAt(i: number): string[] {
    const { node, stopping } = this.#members[i]!
    const open = [...stopping].map((name) => `service "${name}" of node ${i}`)
    for (const connection of node.getConnections()) {
      const streams = connection.streams.map(({ protocol }) => protocol).join(', ') || 'no streams'
      open.push(`connection of node ${i} to ${this.#name(connection.remotePeer)} (${streams})`)
    }
    return node.status === 'stopped' ? open : [...open, `node ${i}, which is ${node.status}`]
  }

  #name(peer: PeerId): string {
    const i = this.#members.findIndex(({ node }) => node.peerId.equals(peer))
    return i < 0 ? peer.toString() : `node ${i}`
  }

  #cable(a: number, b: number): ReturnType<Patchbay['cable']> {
    if (a === b) throw new RangeError(`node ${a} has no link to itself`)
    this.#node(a)
    this.#node(b)
    return this.#patchbay.cable(a, b)
  }

  #node(i: number): Node<S> {
    const member = this.#members[i]
    if (member == null) throw new RangeError(`there is no node ${i} among ${this.#members.length}`)
    return member.node
  }
}

/** Resolves when `node` has a connection to the peer. */
async function connected(node: Libp2p, peer: PeerId, signal: AbortSignal): Promise<void> {
  if (node.getConnections(peer).length > 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const opened = (): void => {
    if (node.getConnections(peer).length > 0) resolve()
  }
  const aborted = (): void => reject(signal.reason as Error)
  node.addEventListener('connection:open', opened)
  signal.addEventListener('abort', aborted)
  try {
    await promise
  } finally {
    node.removeEventListener('connection:open', opened)
    signal.removeEventListener('abort', aborted)
  }
}

function pause(delay: number): { over: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, delay)
  return { over: promise, cancel: () => clearTimeout(timer) }
}
