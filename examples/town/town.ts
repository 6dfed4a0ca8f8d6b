import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Message, Resident } from './resident.ts'

/** A few peers as separate processes, on this machine only. */
export class Town {
  /** a temporary folder for everything */
  readonly home: string
  readonly residents = new Map<string, Resident>()
  readonly #signal: AbortSignal

  private constructor(home: string, signal: AbortSignal) {
    this.home = home
    this.#signal = signal
  }

  /** @param signal stops everybody and whatever is waited for */
  static async open(signal: AbortSignal): Promise<Town> {
    return new Town(await mkdtemp(join(tmpdir(), 'peerage-town-')), signal)
  }

  /** Starts `peerage share`; resolves when it is reachable. */
  async share(name: string, folder: string, joins: Resident | undefined, neighbours: number) {
    const bounds = ['--neighbours', `0-${neighbours}`]
    const sharer = this.#settle(name, ['share', folder, ...bounds], joins)
    await sharer.heard('sharing')
    return sharer
  }

  /** Runs another command to its end. */
  async run(name: string, args: readonly string[], joins: Resident, hear?: (of: Message) => void) {
    const resident = this.#settle(name, [...args, '--neighbours', '0-1'], joins, hear)
    await resident.ended
    return resident
  }

  /** What to call a peer. */
  nameOf(peer: unknown): string {
    for (const { name, peer: own } of this.residents.values()) if (own === peer) return name
    return 'visitor'
  }

  /** Stops all processes and removes all files. */
  async close(): Promise<void> {
    await Promise.all([...this.residents.values()].map((resident) => resident.stop()))
    await rm(this.home, { recursive: true, force: true })
  }

  #settle(
    name: string,
    command: readonly string[],
    joins: Resident | undefined,
    hear?: (of: Message) => void
  ): Resident {
    this.#signal.throwIfAborted()
    const here = ['--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns']
    const way = joins === undefined ? [] : ['--join', joins.address]
    const data = ['--data', join(this.home, 'data')]
    const resident = new Resident(name, [...command, ...here, ...way, ...data, '--json'], hear)
    this.residents.set(name, resident)
    this.#signal.addEventListener('abort', () => void resident.stop())
    return resident
  }
}
