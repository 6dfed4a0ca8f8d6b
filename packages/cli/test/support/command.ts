import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** One line of `--json`. */
export interface Message {
  readonly event: string
  readonly [field: string]: unknown
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** what it said with `--json` */
  readonly messages: readonly Message[]
}

const bin = fileURLToPath(new URL('../../bin/peerage.js', import.meta.url))

/** `peerage` as a child process; killed when the test is over. */
export class Command {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #messages: Message[] = []
  #stdout = ''
  readonly #waiting = new Set<() => void>()

  constructor(args: readonly string[], { wrapper = [], ...options }: CommandOptions) {
    const [program, ...rest] = [...wrapper, process.execPath, bin, ...args]
    this.#child = spawn(program!, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = this.#follow(args.includes('--json'))
    onTestFinished(async () => {
      this.#child.kill('SIGKILL')
      await this.ended
    })
  }

  /** Waits for something it says with `--json`. Rejects when it ends without. */
  heard(event: string, matches: (message: Message) => boolean = () => true): Promise<Message> {
    return this.#until(event, () =>
      this.#messages.find((message) => message.event === event && matches(message))
    )
  }

  /** Waits for a line on standard output. Rejects when it ends without. */
  async printed(line: RegExp): Promise<void> {
    await this.#until(String(line), () => line.exec(this.#stdout)?.[0])
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async #until<T>(what: string, find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      const next = new Promise<false>((resolve) => this.#waiting.add(() => resolve(false)))
      const ended = await Promise.race([next, this.ended])
      if (ended !== false) throw new Error(`ended without ${what}: ${JSON.stringify(ended)}`)
    }
  }

  async #follow(json: boolean): Promise<Ended> {
    let stderr = ''
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#stdout += `${line}\n`
      if (json) this.#messages.push(JSON.parse(line))
      for (const wake of this.#waiting) wake()
      this.#waiting.clear()
    })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(this.#child, 'close')) as [number | null]
    return { code, stdout: this.#stdout, stderr, messages: this.#messages }
  }
}

export interface CommandOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  /** what to run it by, such as `ip netns exec` */
  readonly wrapper?: readonly string[]
}

/** Only this machine's own network, and a data folder of the test's. */
export function quietEnvironment(data: string): NodeJS.ProcessEnv {
  const { PATH } = process.env
  const listen = '/ip4/127.0.0.1/tcp/0'
  return { PATH, PEERAGE_DATA: data, PEERAGE_LISTEN: listen, PEERAGE_NO_MDNS: '1' }
}
