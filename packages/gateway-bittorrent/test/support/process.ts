import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** A folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'peerage-gateway-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Whether a program is installed: whether it runs with these arguments. */
export function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0
}

const python = '/usr/bin/python3'

/** Whether libtorrent's Python bindings are installed. */
export const libtorrent = runs(python, '-c', 'import libtorrent')

/**
 * The program and arguments of a libtorrent peer.
 *
 * @param source a `.torrent` file or a magnet
 */
export function libtorrentPeer(source: string, folder: string): [string, string[]] {
  return [python, [new URL('libtorrent-peer.py', import.meta.url).pathname, source, folder]]
}

/** A real client as a child process; killed when its test is over. */
export class Client {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  readonly #lines: string[] = []
  readonly #waiting = new Set<() => void>()

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env } })
    this.#ended = once(this.#child, 'close')
    for (const input of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input }).on('line', (line) => {
        this.#lines.push(line)
        for (const wake of this.#waiting) wake()
        this.#waiting.clear()
      })
    }
    onTestFinished(async () => {
      this.#child.kill('SIGKILL')
      await this.#ended
    })
  }

  tell(line: string): void {
    this.#child.stdin!.write(`${line}\n`)
  }

  /** Waits for a line; rejects, with all it said, when the client ends without one. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#lines) {
        const found = pattern.exec(line)
        if (found != null) return found
      }
      const next = new Promise<true>((resolve) => this.#waiting.add(() => resolve(true)))
      if ((await Promise.race([next, this.#ended])) === true) continue
      throw new Error(`it ended without ${pattern}:\n${this.#lines.join('\n')}`)
    }
  }
}
