import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One line of what `peerage --json` prints. */
export interface Message {
  readonly event: string
  readonly [field: string]: unknown
}

const peerage = fileURLToPath(new URL('../../packages/cli/bin/peerage.js', import.meta.url))

/** Nobody's own settings: the town keeps to itself. */
const plain = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('PEERAGE_'))
)

/** A `peerage` command in a process of its own. */
export class Resident {
  readonly name: string
  /** all it has said */
  readonly messages: Message[] = []
  /** resolves when it has ended well, rejects with its last words otherwise */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #listeners = new Set<(message: Message) => void>()
  #stopping = false

  constructor(name: string, args: readonly string[], hear?: (message: Message) => void) {
    this.name = name
    if (hear !== undefined) this.#listeners.add(hear)
    // with a channel: a child whose parent is gone, even by kill -9, stops by itself
    const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const
    this.#child = spawn(process.execPath, [peerage, ...args], { stdio: [...stdio], env: plain })
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const message: Message = JSON.parse(line)
      this.messages.push(message)
      for (const listener of this.#listeners) listener(message)
    })
    this.ended = this.#watch()
    this.ended.catch(() => {})
  }

  /** Its peer id, once it shares. */
  get peer(): unknown {
    return this.last('sharing')?.['peer']
  }

  /** Where it can be joined, once it shares. */
  get address(): string {
    return String((this.last('sharing')?.['addresses'] as string[] | undefined)?.[0])
  }

  last(event: string): Message | undefined {
    return this.messages.findLast((message) => message.event === event)
  }

  /** Waits for an event. Rejects when the process ends without. */
  async heard(event: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#listeners.add((message) => message.event === event && resolve())
    if (this.last(event) !== undefined) return
    await Promise.race([promise, this.ended.then(() => Promise.reject(this.#lastWords()))])
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.ended.catch(() => {})
    clearTimeout(timer)
  }

  async #watch(): Promise<void> {
    const [code] = await once(this.#child, 'close')
    if (code !== 0 && !this.#stopping) throw this.#lastWords()
  }

  #lastWords(): Error {
    return new Error(
      `${this.name}: ${(this.last('error')?.['message'] as string | undefined) ?? 'it ended'}`
    )
  }
}
